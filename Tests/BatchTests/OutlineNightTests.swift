import FindingStore
import Findings
import Testing

@testable import Batch

/// Within which outlines a scan is looked at is part of what was analysed.
@Suite struct OutlineNightTests {
    let night: Night

    init() throws {
        night = try Night()
    }

    private func draw(_ name: String, side: Int = 10, _ text: String? = nil) throws {
        let ring = "[[0,0],[\(side),0],[\(side),\(side)],[0,\(side)],[0,0]]"
        let feature = #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[\#(ring)]}}"#
        try night.folder.write("outlines/\(name)", text ?? feature)
    }

    private func run() async throws -> BatchSummary {
        try await night.run(outlines: OutlineFolder(path: night.folder["outlines"]))
    }

    private func labels() throws -> [String] {
        try FindingStore.openForReading(at: night.database).findings().map(\.finding.label)
    }

    @Test func analysesAgainWithinOtherOutlines() async throws {
        try night.scan("P1/a.tif", "findings 1")
        #expect(try await night.run().analysed == 1)
        #expect(try labels() == ["Normal"])
        try draw("P1/a.tif.geojson")
        let first = try await run()
        #expect(first.analysed == 1 && first.exitStatus == 0)
        #expect(try labels() == ["outlined"])
        #expect(try await run().skipped == 1)
        try draw("P1/a.tif.geojson", side: 20)
        #expect(try await run().analysed == 1)
        #expect(try await night.run().analysed == 1)
        #expect(try labels() == ["Normal"])
        try night.expectSoundDatabase()
    }

    /// The database keeps within which outlines it looked, and lets go of them with the patient.
    @Test func theOutlinesAreKeptAndErased() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try draw("a.geojson", side: 30)
        #expect(try await run().exitStatus == 0)
        let store = try await night.openStore()
        let id = try #require(try store.doneAnalyses(by: Night.pipeline).first)
        let corners = try store.storedAnalysis(id)?.outlines?.included.first?.rings.first
        #expect(corners?.count == 4 && corners?[2] == Finding.Point(x: 30, y: 30))
        _ = try store.forget(patient: "P1")
        #expect(try store.doneAnalyses(by: Night.pipeline).isEmpty)
        try store.close()
        try night.expectSoundDatabase()
    }

    @Test func whatDoesNotFitIsNamed() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try night.scan("P2/a.tif", "findings 2")
        try night.scan("P2/b.tif", "findings 3")
        try draw("a.geojson")
        try draw("gone.geojson")
        try draw("b.geojson")
        let summary = try await run()
        #expect(summary.exitStatus == 1)
        #expect(summary.notices.map(\.kind) == [.outlinesOfNoScan, .outlinesOfSeveralScans, .scanWithoutOutlines])
        #expect(summary.notices.map(\.count) == [1, 1, 2])
        #expect(!summary.text.contains("gone"))
        #expect(try labels().filter { $0 == "outlined" }.count == 3)
    }

    @Test func twoFilesForOneScanAreRefused() async throws {
        try night.scan("P1/a.tif", "findings 1")
        try draw("P1/a.geojson")
        try draw("P1/a.tif.geojson")
        let error = await #expect(throws: BatchError.self) { try await run() }
        #expect(error?.kind == .unusableManifest)
    }

    @Test(arguments: ["", "{}", "{\"type\":\"Point\"}", String(repeating: "[", count: 100_000)])
    func whatIsNoOutlineIsRefused(text: String) async throws {
        try night.scan("P1/a.tif", "findings 1")
        try draw("P1/a.geojson", text)
        let error = await #expect(throws: BatchError.self) { try await run() }
        #expect(error?.kind == .unusableManifest)
        #expect(error?.message.contains("outlines in file") == true)
        #expect(error?.message.contains("a.geojson") == false)
    }

    @Test func aFolderThatIsNotThereIsMissing() throws {
        let error = #expect(throws: BatchError.self) { try OutlineFolder(path: night.folder["nowhere"]) }
        #expect(error?.kind == .missingInput)
    }
}
