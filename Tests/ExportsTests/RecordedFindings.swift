import FindingStore
import Findings
import Foundation
import GRDB
import Imaging
import TestSupport

/// A database of one patient's scan with the findings given, in a folder that goes with the test.
struct RecordedFindings {
    let folder: TemporaryFolder

    init(
        _ findings: [Finding], patient: String = "P1", remarks: [String] = [],
        spacing: RecordedSpacing = RecordedSpacing(micrometresPerPixel: 0.5, source: .ome), heatMaps: [HeatMap] = []
    ) throws {
        folder = try TemporaryFolder()
        let pipeline = PipelineIdentity(
            name: "p", sha256: ContentHash(digest: [UInt8](repeating: 255, count: 32)), definition: "name: p\n",
            models: [], engine: EngineIdentity(version: "e", precision: "float32", instructionSet: "i"))
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        let store = try FindingStore.openForWriting(at: database)
        let run = try store.beginRun(
            RunDescription(arguments: [], host: "night", programVersion: "1.0.0", startedAt: start), pipeline: pipeline)
        let scan = Scan(
            sha256: scan, byteCount: 1000,
            image: .init(width: 300, height: 200, levels: 1, spacing: spacing, format: "stripped 8-bit RGB"))
        let sighting = Sighting(
            folder: "/scans", path: "\(patient)/a.tif", patient: Patient(id: patient, source: .folder))
        let result = AnalysisResult(
            status: .findings, remarks: remarks, quality: [:], findings: findings,
            illustration: ScanIllustration(thumbnails: [], heatMaps: heatMaps))
        try store.record(
            AnalysisRecord(
                run: run, pipeline: pipeline.sha256,
                subject: .scan(scan, sightings: [sighting], outcome: .done(result)), startedAt: start,
                finishedAt: start + 10))
        try store.close()
    }

    var database: String { path("findings.sqlite") }
    let scan = ContentHash(digest: [UInt8](repeating: 0xAB, count: 32))

    func path(_ name: String) -> String { folder[name] }

    func reader() throws -> FindingStore { try .openForReading(at: database) }

    /// Changes rows past the guards.
    func damage(_ statement: String) throws {
        try DatabaseQueue(path: database).inDatabase { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON; DROP TRIGGER findings_stay")
            try db.execute(sql: statement)
        }
    }
}

extension Finding {
    /// A finding whose pixels are the box.
    static func drawn(
        _ ordinal: Int, _ kind: Kind = .region, label: String = "Polyp", image: Int = 0, x: Int = 10, y: Int = 20,
        confidence: Double = 0.75, classes: [String] = ["Normal", "Polyp"]
    ) throws -> Finding {
        let box = Box(x: x, y: y, width: 5, height: 4)
        let runs = (0..<box.height).map { PixelRun(row: y + $0, start: x, length: box.width) }
        let isOutlined = kind != .scan && kind != .tile
        return Finding(
            ordinal: ordinal, kind: kind, label: label, confidence: confidence, rawConfidence: 1 / 3, image: image,
            box: box,
            centroid: Point(x: Double(x) + 2.5, y: Double(y) + 0.1 + 0.2), areaPixels: isOutlined ? 20 : nil,
            areaSquareMicrometres: isOutlined ? 5 : nil,
            probabilities: classes.map { ClassProbability(label: $0, probability: $0 == label ? confidence : 1e-7) },
            measurements: ["perimeter_px": 12.5], geometry: isOutlined ? Data(RunLengths(joining: runs).encoded()) : nil
        )
    }
}
