import Analysis
import FindingStore
import Findings
import Foundation
import Imaging
import TIFF
import TestSupport

/// A database with one scan whose file is there: two regions and the grade of the scan.
struct ViewedScan {
    let folder: TemporaryFolder
    var database: String { folder["findings.sqlite"] }
    var file: String { folder["scans/P1/a.tif"] }

    static let patient = "Canary <b>7731"

    private let start = Date(timeIntervalSince1970: 1_700_000_000)
    private let pipeline = PipelineIdentity(
        name: "glands", sha256: ContentHash(digest: [UInt8](repeating: 255, count: 32)), definition: "name: glands\n",
        models: [], engine: EngineIdentity(version: "e", precision: "float32", instructionSet: "i"))

    /// - Parameter content: of the file; nil for a picture of 600 x 300 pixels.
    init(content: [UInt8]? = nil) throws {
        folder = try TemporaryFolder()
        try folder.write("scans/P1/a.tif", content ?? [])
        if content == nil {
            var writer = try TIFFWriter(path: file)
            try writer.beginPage(TIFFPageLayout(width: 600, height: 300, samplesPerPixel: 3))
            for row in 0..<300 {
                try writer.writeRows((0..<600).flatMap { [UInt8($0 % 256), UInt8(row % 256), 200] })
            }
            try writer.finish()
        }
        let opened = try OpenedScan(path: file)
        let scan = Scan(
            sha256: try opened.hash(), byteCount: opened.byteCount,
            image: .init(
                width: 600, height: 300, levels: 1, spacing: RecordedSpacing(micrometresPerPixel: 0.5, source: .ome),
                format: "stripped 8-bit RGB"))
        let store = try FindingStore.openForWriting(at: database)
        let run = try beginRun(in: store)
        let sighting = Sighting(
            folder: folder["scans"], path: "P1/a.tif", patient: Patient(id: Self.patient, source: .manifest),
            stamp: opened.stamp)
        let findings = [
            Self.finding(0, .region, "Polyp", 0.6, x: 20), Self.finding(1, .region, "Normal", 0.9, x: 300),
            Self.finding(2, .scan, "Polyp", 0.7, x: 0),
        ]
        try store.record(
            AnalysisRecord(
                run: run, pipeline: pipeline.sha256,
                subject: .scan(
                    scan, sightings: [sighting],
                    outcome: .done(AnalysisResult(status: .findings, remarks: [], quality: [:], findings: findings))),
                startedAt: start, finishedAt: start + 10))
        try store.finishRun(
            run, ending: .completed, at: start + 60,
            counts: RunCounts(found: 1, done: 1, skipped: 0, failed: 0, left: 0))
        try store.close()
    }

    func beginRun(in store: FindingStore) throws -> Int64 {
        try store.beginRun(
            RunDescription(arguments: [], host: "night", programVersion: "1.0.0", startedAt: start), pipeline: pipeline)
    }

    private static func finding(_ ordinal: Int, _ kind: Finding.Kind, _ label: String, _ confidence: Double, x: Int)
        -> Finding
    {
        let box = Finding.Box(x: x, y: 40, width: kind == .scan ? 600 : 50, height: kind == .scan ? 260 : 30)
        let runs = (0..<box.height).map { PixelRun(row: box.y + $0, start: x, length: box.width) }
        let isRegion = kind == .region
        return Finding(
            ordinal: ordinal, kind: kind, label: label, confidence: confidence, rawConfidence: confidence, box: box,
            centroid: .init(x: Double(x) + 25, y: 55), areaPixels: isRegion ? Int64(box.width * box.height) : nil,
            areaSquareMicrometres: nil,
            probabilities: ["Normal", "Polyp"].map {
                .init(label: $0, probability: $0 == label ? confidence : 1 - confidence)
            },
            measurements: [:], geometry: isRegion ? Data(RunLengths(joining: runs).encoded()) : nil)
    }
}
