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

    /// Somebody has to look: one of them is the wrong one, more often than not.
    @Test func endsWithOneWhereAScanHasTwoPatients() async throws {
        try night.scan("P1/a.tif", "findings 1")
        let summary = try await run("P1/a.tif;Ada", "P1/a.tif;Bob")
        #expect(summary.exitStatus == 1)
        #expect(summary.text.contains("2 rows of the manifest give scans more than one patient: line 2, line 3"))
        #expect(try night.analyses() == ["Ada P1/a.tif findings 1", "Bob P1/a.tif findings 1"])
    }

    @Test func saysThatACorrectionGaveAScanAnotherPatient() async throws {
        try night.scan("P1/a.tif", "findings 1")
        _ = try await run("P1/a.tif;Ada")
        let corrected = try await run("P1/a.tif;Bob")
        #expect(corrected.notices.map(\.kind) == [.moved] && corrected.exitStatus == 0)
        #expect(try await run("P1/a.tif;Bob").notices.isEmpty)
        #expect(try await run("P1/a.tif;Ada").notices.map(\.kind) == [.moved])
        #expect(try await run("P1/a.tif;Ada").notices.isEmpty)
        #expect(try night.analyses() == ["Ada P1/a.tif findings 1"])
        #expect(try FindingStore.openForReading(at: night.database).verify().irregularities == [])
    }

    /// A night that somebody started without the list gives every scan to its folder's name.
    @Test func endsWithOneWhereTheListWasLeftOut() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try night.scan("P1/b.tif", "no-tissue")
        _ = try await run("P1/a.tif;Ada", "P1/b.tif;Bob")
        let without = try await night.run()
        #expect(without.notices.map(\.kind) == [.patientToldNoMore])
        #expect(without.notices.map(\.count) == [2])
        #expect(without.exitStatus == 1)
        #expect(try night.analyses() == ["P1 P1/a.tif findings 1", "P1 P1/b.tif no-tissue 0"])
        #expect(try await night.run().notices.isEmpty)
        #expect(try await run("P1/a.tif;Ada", "P1/b.tif;Bob").notices.map(\.kind) == [.moved])
    }
}
