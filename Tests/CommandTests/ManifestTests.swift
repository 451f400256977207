import Foundation
import TestSupport
import Testing

/// Manifests and links at the command line.
@Suite struct ManifestTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0008/DEMO0008-01.tif", to: "scans/tray/S-001.tif")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    @Test func startsNothingWhereTheManifestHasToFit() throws {
        try folder.write("list.csv", "scan;patient\r\ntray\\S-001.tif;P1\r\ntray\\S-002.tif;P2\r\n")
        let strict = try scanreport("run", "scans", "--manifest", "list.csv", "--manifest-strict")
        #expect(strict.status == 65)
        #expect(
            strict.errors.contains("1 row of the manifest names no scan that was found: line 3"), "\(strict.errors)")
        let run = try scanreport("run", "scans", "--manifest", "list.csv", "--summary", "summary.json")
        #expect(run.status == 1, "\(run.output)")
        let summary = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.url.appending(path: "summary.json")))
        let notices = (summary as? [String: Any])?["notices"] as? [[String: Any]]
        #expect(notices?.first?["kind"] as? String == "manifest-row-without-scan")
        #expect(notices?.first?["places"] as? [String] == ["line 3"])
        #expect(try scanreport("query", "--patient", " P1").status == 0)
        #expect(try scanreport("query", "--patient", "tray").status == 66)
        #expect(try scanreport("run", "scans", "--manifest-strict").status == 64)
    }

    @Test func namesWhatItPassesOver() throws {
        try folder.write("scans/tray/b.czi", "not read")
        try folder.write("store/c.txt", "")
        try folder.link("scans/linked", to: "../store")
        let run = try scanreport("run", "scans")
        #expect(run.status == 1)
        #expect(run.output.contains("warning: 1 file was left out: Zeiss CZI is not read"), "\(run.output)")
        #expect(run.output.contains("warning: 1 link was not followed"), "\(run.output)")
        #expect(!run.output.contains("b.czi"))
        #expect(try scanreport("run", "scans", "--dry-run").output.contains("tray/b.czi"))
        #expect(try scanreport("run", "scans", "--ignore", "*.czi", "--follow", "store").status == 0)
    }
}
