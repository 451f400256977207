import Foundation
import TestSupport
import Testing

/// What the documents name is there, and what is there is named.
@Suite struct DocumentationTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: Repository.path(path), encoding: .utf8)
    }

    @Test func everyCommandHasARow() throws {
        let commands = try text("Sources/scanreport/README.md")
        let help = try Scanreport(["--help"], in: TemporaryFolder()).output
        let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
        let names = list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first }.filter { $0.first?.isLowercase == true }
        #expect(names.count > 10)
        for name in names where name != "model" {
            #expect(commands.contains(try Regex("`\(name)[` ]")), "\(name)")
        }
    }

    @Test(arguments: ["README.md", "CONTRIBUTING.md", "Sources/README.md", "Tests/README.md"])
    func suitesAndPathsThatAreNamedExist(document: String) throws {
        let text = try text(document)
        let tests = try #require(FileManager.default.subpaths(atPath: Repository.path("Tests")))
        for suite in text.matches(of: /`(\w+Tests)`/).map(\.1) {
            #expect(tests.contains { $0.hasSuffix("/\(suite).swift") || $0 == suite }, "\(suite)")
        }
        for path in text.matches(of: /`((?:Sources|Tests|Pipelines|Fixtures|Benchmarks)\/[\w.\/-]+)`/).map(\.1) {
            #expect(FileManager.default.fileExists(atPath: Repository.path(String(path))), "\(path)")
        }
    }

    @Test func theReadmeIsShort() throws {
        #expect(try text("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
    }
}
