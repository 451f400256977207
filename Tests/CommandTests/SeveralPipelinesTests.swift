import Foundation
import Listings
import TestSupport
import Testing

/// Several pipelines in one night: each finds what it finds alone.
@Suite struct SeveralPipelinesTests {
    let folder: TemporaryFolder
    private static let first = "./Pipelines/colorectal-biopsy"
    private static let second = "./Pipelines/second-opinion"
    private static let definition = "Pipelines/second-opinion/pipeline.yaml"

    /// Two pipelines that differ in a temperature, and so in each confidence.
    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0005", to: "scans/DEMO0005")
        try folder.copy("Pipelines/colorectal-biopsy", to: "Pipelines/colorectal-biopsy")
        try folder.copy("Pipelines/colorectal-biopsy", to: "Pipelines/second-opinion")
        try replace(/name: colorectal-biopsy/, by: "name: second-opinion", in: Self.definition)
        try replace(
            /temperature: [0-9.]+/, by: "temperature: 2.5", in: "Pipelines/second-opinion/tissue-efficientnet.md")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport { try Scanreport(arguments, in: folder) }

    private func replace(_ pattern: Regex<Substring>, by text: String, in name: String) throws {
        let before = try String(contentsOfFile: folder[name], encoding: .utf8)
        let after = before.replacing(pattern, with: text, maxReplacements: 1)
        #expect(after != before)
        try folder.write(name, after)
    }

    /// The rows of `query`, without what tells when and by which run they were made.
    private func findings(_ database: String) throws -> Set<String> {
        let query = try scanreport("query", "--patient", "DEMO0005", "--database", database, "--format", "csv")
        #expect(query.status == 0, "\(query.errors)")
        let table = try CSVTable(parsing: Array(query.output.utf8), required: ["label"])
        let told = table.columns.indices.filter { !["run_id", "analysed_at"].contains(table.columns[$0]) }
        return Set(table.records.map { record in told.map { record.fields[$0] }.joined(separator: "|") })
    }

    @Test func findWhatEachFindsAlone() throws {
        for (pipeline, database) in [(Self.first, "first.sqlite"), (Self.second, "second.sqlite")] {
            #expect(try scanreport("run", "scans", "--pipeline", pipeline, "--database", database).status == 0)
        }
        let both = try scanreport(
            "run", "scans", "--pipeline", Self.first, "--pipeline", Self.second, "--database", "both.sqlite",
            "--summary", "summary.json")
        #expect(both.status == 0, "\(both.errors)")
        #expect(both.output.contains("run 1 of colorectal-biopsy") && both.output.contains("run 2 of second-opinion"))
        let (first, second) = (try findings("first.sqlite"), try findings("second.sqlite"))
        #expect(!first.isEmpty && first.isDisjoint(with: second))
        #expect(try findings("both.sqlite") == first.union(second))
        let summary = try String(contentsOfFile: folder["summary.json"], encoding: .utf8)
        #expect(summary.contains("\"runs\"") && summary.contains("second-opinion"))
        let again = try scanreport(
            "run", "scans", "--pipeline", Self.second, "--pipeline", Self.first, "--database", "both.sqlite")
        #expect(again.output.components(separatedBy: "3 found: 3 done before").count == 3, "\(again.output)")
        let verification = try Scanreport(
            ["verify", "--database", "both.sqlite"], in: folder,
            environment: ["SCANREPORT_PIPELINES": folder["Pipelines"]])
        #expect(verification.status == 0, "\(verification.output)")
    }

    @Test func whatFailsInOneIsFoundByTheOther() throws {
        try replace(
            /unknown: assume\n +assumed-um-px: [0-9.]+/, by: "unknown: refuse",
            in: Self.definition)
        let run = try scanreport("run", "scans", "--pipeline", Self.second, "--pipeline", Self.first)
        #expect(run.status == 1)
        #expect(run.output.contains("failed: 3 x open: unknown-spacing"), "\(run.output)")
        #expect(run.output.contains("3 analysed: 3 with findings"), "\(run.output)")
    }

    @Test func onePipelineThatCannotBeUsedDoesNotStopTheOthers() throws {
        try FileManager.default.removeItem(atPath: folder["Pipelines/colorectal-biopsy/gland-unet.onnx"])
        let run = try scanreport("run", "scans", "--pipeline", Self.first, "--pipeline", Self.second)
        #expect(run.status == 66 || run.status == 65)
        #expect(run.errors.contains("gland-unet.onnx"), "\(run.errors)")
        #expect(run.output.contains("run 1 of second-opinion") && run.output.contains("3 analysed"), "\(run.output)")
    }

    @Test func ofOneNameAreRefused() throws {
        let run = try scanreport("run", "scans", "--pipeline", Self.first, "--pipeline", Self.first)
        #expect(run.status == 64)
        #expect(run.errors.contains("two of the pipelines are called colorectal-biopsy"), "\(run.errors)")
    }
}
