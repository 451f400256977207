import Fixtures
import Foundation
import TestSupport
import Testing

@Suite struct FlavourFindingsTests {
    @Test func everyLosslessFlavourHasTheSameFindings() throws {
        let folder = try TemporaryFolder()
        let fixtures = Scanreport.executable.deletingLastPathComponent().appending(path: "fixtures")
        let process = Process()
        process.executableURL = fixtures
        process.arguments = [
            "flavours", "--output", folder["scans"], "--seed", "11", "--size", "300x260", "--flavours", "lossless",
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)

        let run = try Scanreport(["run", "scans"], in: folder)
        #expect(run.status == 0, "\(run.errors)\(run.output)")
        let export = try Scanreport(["export"], in: folder)
        var byScan: [Substring: [[Substring]]] = [:]
        for row in export.output.split(separator: "\n").dropFirst() {
            let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            // From the kind to the areas, and the probabilities: all that does not name the file or the run.
            byScan[fields[1], default: []].append(Array(fields[4...15]) + [fields[22]])
        }
        #expect(byScan.count > 20)
        let first = try #require(byScan.values.first)
        #expect(first.count > 1)
        for (scan, findings) in byScan { #expect(findings == first, "\(scan)") }
    }
}
