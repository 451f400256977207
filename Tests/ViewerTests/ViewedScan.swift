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
    let file: String

    static let patient = "Canary <b>7731"

    private let start = Date(timeIntervalSince1970: 1_700_000_000)
    private let pipeline = PipelineIdentity(
        name: "glands", sha256: ContentHash(digest: [UInt8](repeating: 255, count: 32)), definition: "name: glands\n",
        models: [], engine: EngineIdentity(version: "e", precision: "float32", instructionSet: "i"))

    /// The colour of a pixel of the scan.
    static func colour(_ x: Int, _ y: Int) -> [UInt8] { [UInt8(x % 256), UInt8(y % 256), 200] }

    /// - Parameters:
    ///   - content: of the file; nil for a picture.
    ///   - slide: which the scan is, of several files; nil for one file.
    ///   - size: of the picture, and of the slide.
    init(content: [UInt8]? = nil, slide: DrawnMIRAX? = nil, size: (width: Int, height: Int) = (600, 300)) throws {
        folder = try TemporaryFolder()
        let name = slide == nil ? "a.tif" : "a.mrxs"
        file = folder["scans/P1/\(name)"]
        try folder.write("scans/P1/\(name)", content ?? [])
        if let slide {
            try slide.write("scans/P1/a", in: folder)
        } else if content == nil {
            var writer = try TIFFWriter(path: file)
            try writer.beginPage(TIFFPageLayout(width: size.width, height: size.height, samplesPerPixel: 3))
            for row in 0..<size.height {
                try writer.writeRows((0..<size.width).flatMap { Self.colour($0, row) })
            }
            try writer.finish()
        }
        let opened = try OpenedScan(path: file)
        let scan = Scan(
            sha256: try opened.hash(), byteCount: opened.byteCount,
            image: .init(
                width: size.width, height: size.height, levels: 1,
                spacing: RecordedSpacing(micrometresPerPixel: 0.5, source: .ome),
                format: "stripped 8-bit RGB"))
        let store = try FindingStore.openForWriting(at: database)
        let run = try beginRun(in: store)
        let sighting = Sighting(
            folder: folder["scans"], path: "P1/\(name)", patient: Patient(id: Self.patient, source: .manifest),
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
