import FindingStore
import Findings
import Foundation
import TestSupport
import Testing

/// Vectors in the database: asked, vouched for, and erased with their patient.
@Suite struct SimilarTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open() throws -> FindingStore { try .openForWriting(at: folder.database) }

    /// Of the regions with these ordinals, or of the scan.
    private func block(_ vectors: [[Float]], ordinals: [Int]? = nil, space: Character = "5") throws -> EmbeddingBlock {
        let places = vectors.indices.map { index in
            EmbeddingBlock.Place(
                ordinal: ordinals?[index], box: Finding.Box(x: 10 * index, y: 1, width: 7, height: 70_000))
        }
        let bytes = try vectors.map { try #require(EmbeddingBlock.quantised($0)) }
        return try #require(
            EmbeddingBlock(
                stage: "looks", space: Samples.hash(space), unit: ordinals == nil ? .scan : .region, dimension: 3,
                places: places, vectors: bytes.reduce(Data(), +)))
    }

    private func record(
        _ digit: Character, patient: String, _ findings: [Finding], _ blocks: [EmbeddingBlock], _ store: FindingStore,
        _ run: Int64
    ) throws {
        try store.record(
            Samples.record(
                digit,
                .done(
                    AnalysisResult(status: .findings, remarks: [], quality: [:], findings: findings, embeddings: blocks)
                ),
                run: run, sightings: [Samples.sighting("\(patient)/\(digit).tif", patient: patient)]))
    }

    /// Three scans of two patients, of vectors in three directions.
    private func fill() throws -> FindingStore {
        let store = try open()
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        let regions = [Samples.region(0, x: 1, label: "round"), Samples.region(1, x: 30, label: "long")]
        try record(
            "a", patient: "P1", regions,
            [block([[1, 0, 0]]), block([[1, 0, 0], [0, 1, 0]], ordinals: [0, 1])], store, run)
        try record(
            "b", patient: "P2", regions,
            [block([[0.6, 0.8, 0]]), block([[0, 0, 1], [3, 0.3, 0]], ordinals: [0, 1])], store, run)
        try record(
            "c", patient: "P2", regions, [block([[0, -2, 0]]), block([[1, 0, 0]], ordinals: [0], space: "6")], store,
            run)
        return store
    }

    @Test func theNearestComeFirstAndExactly() throws {
        let store = try fill()
        let first = FindingID(scan: Samples.hash("a"), pipeline: Samples.hash("f"), ordinal: 0)
        let parts = try #require(try store.similar(to: .finding(first), limit: 10))
        #expect(parts.map(\.label) == ["long", "long", "round"])
        #expect(parts.map(\.patient) == ["P2", "P1", "P2"])
        let cosine = 127 / (127.0 * 127 + 13 * 13).squareRoot()
        #expect(abs(parts[0].similarity - cosine) < 1e-6 && parts[1].similarity == 0 && parts[2].similarity == 0)
        #expect(parts[0].finding == FindingID(scan: Samples.hash("b"), pipeline: Samples.hash("f"), ordinal: 1))
        #expect(parts[0].box == Finding.Box(x: 10, y: 1, width: 7, height: 70_000))
        #expect(try store.similar(to: .finding(first), limit: 1)?.count == 1)
        let scans = try #require(try store.similar(to: .scan("P1/a.tif"), limit: 10))
        #expect(scans.map(\.scan) == ["P2/b.tif", "P2/c.tif"])
        #expect(try store.similar(to: .scan("aaaaaa"), limit: 10) == scans)
        #expect(try store.similar(to: .scan("nowhere.tif"), limit: 10) == nil)
        #expect(
            try store.similar(to: .place(scan: "P1/a.tif", x: 16, y: 1), limit: 10)?.map(\.label) == [
                "long", "round", "round",
            ])
        #expect(try store.similar(to: .place(scan: "P1/a.tif", x: 6, y: 70_000), limit: 10) == parts)
        #expect(try store.similar(to: .place(scan: "P1/a.tif", x: 7, y: 1), limit: 10) == nil)
    }

    @Test func theChainVouchesForThem() throws {
        let store = try fill()
        #expect(try store.verify().irregularities.isEmpty)
        try store.close()
        try Intruder(at: folder.database).execute(
            "UPDATE embeddings SET vectors = zeroblob(length(vectors)) WHERE id = 2; DELETE FROM embeddings WHERE id = 3"
        )
        let found = try FindingStore.openForReading(at: folder.database).verify().irregularities.map { "\($0)" }
        #expect(found.contains { $0.contains("embedding 2") && $0.contains("not what audit entry") }, "\(found)")
        #expect(found.contains { $0.contains("embedding 3") && $0.contains("missing") }, "\(found)")
    }

    @Test func theyGoWithTheirPatient() throws {
        let store = try fill()
        _ = try store.forget(patient: "P2")
        #expect(try store.verify().irregularities.isEmpty)
        #expect(try store.similar(to: .scan("P1/a.tif"), limit: 10) == [])
        #expect(try store.similar(to: .scan("P2/b.tif"), limit: 10) == nil)
    }
}
