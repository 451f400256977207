import FindingStore
import Findings
import Foundation
import Testing

@testable import Batch

/// What the manifest says of a scan's spacing is part of what was analysed.
@Suite struct BatchSpacingTests {
    let night: Night

    init() throws {
        night = try Night()
    }

    private func run(_ spacings: [String: Double]) async throws -> BatchSummary {
        let rows = spacings.sorted { $0.key < $1.key }.map { "\($0.key),P1,\($0.value)\n" }
        let manifest = try Manifest(
            parsing: Array(("scan,patient,spacing_um_px\n" + rows.joined()).utf8), folder: ScanPath(night.scans))
        return try await night.run(manifest: manifest)
    }

    private func areas() throws -> [Double?] {
        try FindingStore.openForReading(at: night.database).findings().map(\.finding.areaSquareMicrometres)
    }

    @Test func analysesAgainWithAnotherSpacing() async throws {
        try night.scan("a.tif", "findings 1")
        #expect(try await night.run().analysed == 1)
        #expect(try areas() == [nil])
        #expect(try await run(["a.tif": 0.5]).analysed == 1)
        #expect(try areas() == [3])
        #expect(try await run(["a.tif": 0.25]).analysed == 1)
        #expect(try areas() == [0.75])
        #expect(try await run(["a.tif": 0.25]).skipped == 1)
        #expect(try await run(["a.tif": 0.5]).analysed == 1)
        #expect(try areas() == [3])
        #expect(try await night.run().analysed == 1)
        #expect(try areas() == [nil])
        try night.expectSoundDatabase()
    }

    @Test func triesAGivenUpScanAgainWithAnotherSpacing() async throws {
        try night.scan("a.tif", "malformed")
        for _ in 1...3 { #expect(try await night.run().failed == 1) }
        #expect(try await night.run().givenUp == 1)
        #expect(try await run(["a.tif": 0.5]).failed == 1)
    }

    @Test func saysWhenTheSameBytesHaveTwoSpacings() async throws {
        try night.scan("a.tif", "findings 1")
        try night.scan("b.tif", "findings 1")
        let spacings = ["a.tif": 0.5, "b.tif": 0.25]
        let first = try await run(spacings)
        #expect(first.analysed == 1)
        #expect(first.warnings.contains { $0.hasPrefix("1 scan has two spacings") })
        // From the second night on it is that of the first file.
        _ = try await run(spacings)
        let third = try await run(spacings)
        #expect(third.skipped == 2)
        #expect(third.warnings.contains { $0.hasPrefix("1 scan has two spacings") })
        #expect(try areas() == [3])
    }
}
