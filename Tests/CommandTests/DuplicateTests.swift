import Foundation
import Listings
import TestSupport
import Testing

/// Scans of one tissue under two patients are named, from the database alone.
@Suite struct DuplicateTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func similar(_ arguments: String...) throws -> Scanreport {
        try Scanreport(["similar", "--duplicates", "--format", "csv"] + arguments, in: folder)
    }

    @Test func aRescanAndACopyAreNamed() throws {
        try folder.copy("Fixtures/scans/DEMO0001", to: "scans/DEMO0001")
        let scan = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder["scans/DEMO0001"]).filter { $0.hasSuffix(".tif") }
                .min())
        // The same pixels in other bytes, and the same bytes.
        let bytes = try Data(contentsOf: URL(filePath: folder["scans/DEMO0001/\(scan)"]))
        for (patient, file) in [("OTHER", bytes + [0]), ("SAME", bytes)] {
            try FileManager.default.createDirectory(
                atPath: folder["scans/\(patient)"], withIntermediateDirectories: true)
            try file.write(to: URL(filePath: folder["scans/\(patient)/x.tif"]))
        }
        _ = try Scanreport(["run", "scans"], in: folder)
        try FileManager.default.removeItem(atPath: folder["scans"])
        let found = try similar()
        #expect(found.status == 0, "\(found.errors)")
        let table = try CSVTable(parsing: Array(found.output.utf8), required: ["patient_id"])
        let told = ["patient_id", "scan", "other_patient_id", "other_scan", "same", "mirrored"].compactMap {
            table.columns.firstIndex(of: $0)
        }
        let pairs = table.records.map { record in told.map { record.fields[$0] } }
        #expect(
            pairs == [
                ["DEMO0001", "DEMO0001/\(scan)", "SAME", "SAME/x.tif", "file", "no"],
                ["DEMO0001", "DEMO0001/\(scan)", "OTHER", "OTHER/x.tif", "tissue", "no"],
            ])
        #expect(try similar("--limit", "1").output.split(separator: "\n").count == 2)
    }
}
