import FindingStore
import Findings
import Testing

@testable import Batch

/// What a manifest does to a night.
@Suite struct ManifestNightTests {
    let night: Night

    init() throws {
        night = try Night()
    }

    private func run(_ rows: String...) async throws -> BatchSummary {
        let text = "scan;patient\r\n" + rows.map { $0 + "\r\n" }.joined()
        return try await night.run(manifest: Manifest(parsing: Array(text.utf8), folder: ScanPath("/lists")))
    }

    @Test func keepsPatientsApartWhoseScansUnicodeHoldsForOneName() async throws {
        try night.scan("e\u{301}.tif", "findings 1")
        try night.scan("\u{E9}.tif", "findings 2")
        #expect(try await run("e\u{301}.tif;Ada", "\u{E9}.tif;Bob").exitStatus == 0)
        let lines = try night.analyses().map { Array($0.utf8) }
        #expect(lines == ["Ada e\u{301}.tif findings 1", "Bob \u{E9}.tif findings 2"].map { Array($0.utf8) })
    }

    @Test func endsWithOneWhereTheListIsShort() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try night.scan("P1/b.tif", "no-tissue")
        let short = try await run("X:\\incoming\\P1\\a.tif; Ada ")
        #expect(short.exitStatus == 1)
        #expect(short.notices.map(\.kind) == [.scanOfNoRow, .rowMatchedByName])
        let whole = try await run("X:\\incoming\\P1\\a.tif;Ada", "X:\\incoming\\P1\\b.tif;Bob", "\u{A0};")
        #expect(whole.exitStatus == 0)
        #expect(try night.analyses() == ["Ada P1/a.tif findings 1", "Bob P1/b.tif no-tissue 0"])
        let long = try await run("P1\\a.tif;Ada", "P1\\b.tif;Bob", "P1\\c.tif;Eve")
        #expect(long.exitStatus == 1)
        #expect(
            long.text.contains("warning: 1 row of the manifest names no scan that was found: line 4"), "\(long.text)")
    }
}
