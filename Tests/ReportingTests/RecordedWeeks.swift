import Exports
import FindingStore
import Findings
import Foundation
import Imaging
import Reporting
import TestSupport

/// A database of nights, and the report of one of them.
final class RecordedWeeks {
    let folder: TemporaryFolder
    private let store: FindingStore
    private let pipeline = PipelineIdentity(
        name: "polyps", sha256: ContentHash(digest: [UInt8](repeating: 255, count: 32)), definition: "name: polyps\n",
        models: [
            ModelIdentity(
                role: .segmentation, name: "glands.onnx", sha256: ContentHash(digest: [UInt8](repeating: 7, count: 32)))
        ],
        engine: EngineIdentity(version: "oneDNN 2.6.3", precision: "float32", instructionSet: "avx2"))
    private var scans: UInt32 = 0
    private var day = 0

    init() throws {
        folder = try TemporaryFolder()
        store = try .openForWriting(at: folder["findings.sqlite"])
    }

    /// Records a night of these scans, or that of a further pipeline in the last one; returns its run.
    @discardableResult
    func night(
        _ scans: [(patient: String, scan: String, outcome: AnalysisOutcome)], isTheLast: Bool = false
    ) throws -> Int64 {
        if !isTheLast { day += 1 }
        let start = Date(timeIntervalSince1970: 1_700_000_000 + Double(day) * 86_400)
        let run = try store.beginRun(
            RunDescription(arguments: [], host: "night", programVersion: "0.2.0", startedAt: start), pipeline: pipeline)
        for (index, scan) in scans.enumerated() {
            let sighting = Sighting(
                folder: "/scans", path: scan.scan, patient: Patient(id: scan.patient, source: .folder))
            let at = start + Double(index)
            try store.record(
                AnalysisRecord(
                    run: run, pipeline: pipeline.sha256,
                    subject: .scan(nextScan(), sightings: [sighting], outcome: scan.outcome), startedAt: at,
                    finishedAt: at))
        }
        try store.finishRun(
            run, ending: .completed, at: start + 100,
            counts: RunCounts(found: scans.count, done: scans.count, skipped: 0, failed: 0, left: 0))
        return run
    }

    private func nextScan() -> Scan {
        scans += 1
        let bytes = withUnsafeBytes(of: scans.bigEndian) { Array($0) }
        return Scan(
            sha256: ContentHash(digest: bytes + [UInt8](repeating: 1, count: 28)), byteCount: 1,
            image: .init(
                width: 300, height: 200, levels: 1, spacing: RecordedSpacing(micrometresPerPixel: 0.5, source: .ome),
                format: "stripped 8-bit RGB"))
    }

    /// Writes the report; returns its files' texts, pictures aside.
    func report(
        _ filter: FindingFilter, pseudonyms: Pseudonyms? = nil
    ) throws -> (names: [String], pages: [String: String]) {
        let path = folder["report"]
        try Report(folder: path).write(
            ExportQuestion(.openForReading(at: folder["findings.sqlite"]), filter: filter, pseudonyms: pseudonyms))
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        let pages = try names.filter { $0.hasSuffix(".html") }.map {
            ($0, try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8))
        }
        return (names, Dictionary(uniqueKeysWithValues: pages))
    }
}

extension AnalysisOutcome {
    /// A graded scan with one region and a picture.
    static func graded(
        _ label: String = "Polyp", confidence: Double = 0.8, sharpness: Double = 10, remarks: [String] = []
    ) -> AnalysisOutcome {
        let runs = (40..<80).map { PixelRun(row: $0, start: 30, length: 60) }
        let probabilities = [
            Finding.ClassProbability(label: "Normal", probability: label == "Normal" ? confidence : 1 - confidence),
            Finding.ClassProbability(
                label: label == "Normal" ? "Polyp" : label, probability: label == "Normal" ? 1 - confidence : confidence
            ),
        ]
        func finding(_ ordinal: Int, _ kind: Finding.Kind, _ box: Finding.Box, _ pixels: [PixelRun]) -> Finding {
            Finding(
                ordinal: ordinal, kind: kind, label: label, confidence: confidence, rawConfidence: confidence, box: box,
                centroid: .init(x: Double(box.x) + Double(box.width) / 2, y: Double(box.y) + Double(box.height) / 2),
                areaPixels: pixels.isEmpty ? nil : 2_400, areaSquareMicrometres: pixels.isEmpty ? nil : 600,
                probabilities: probabilities, measurements: [:],
                geometry: pixels.isEmpty ? nil : Data(RunLengths(joining: pixels).encoded()))
        }
        let map = HeatMap(
            stage: "grades", classes: probabilities.map(\.label), columns: [0..<150, 150..<300], rows: [0..<200],
            probabilities: { $0 == 0 ? probabilities.map(\.probability) : nil })
        let thumbnail = Thumbnail(width: 300, height: 200, jpeg: Data([0xFF, 0xD8, 0xFF, 0xD9]))
        return .done(
            AnalysisResult(
                status: .findings, remarks: remarks, quality: ["tenenGrad_contrast": sharpness],
                findings: [
                    finding(0, .scan, .init(x: 0, y: 0, width: 300, height: 200), []),
                    finding(1, .region, .init(x: 30, y: 40, width: 60, height: 40), runs),
                ],
                illustration: ScanIllustration(
                    thumbnails: [thumbnail].compactMap(\.self), heatMaps: [map].compactMap(\.self))))
    }

    /// What a detection stage counted.
    static let counted = AnalysisOutcome.done(
        AnalysisResult(
            status: .findings, remarks: [], quality: [:],
            findings: [
                Finding(
                    ordinal: 0, kind: .scan, label: "cells", confidence: 1, rawConfidence: 1,
                    box: .init(x: 0, y: 0, width: 300, height: 200), centroid: .init(x: 150, y: 100), areaPixels: nil,
                    areaSquareMicrometres: nil, probabilities: [],
                    measurements: ["objects": 24, "count WBC": 1, "count RBC": 21, "count Platelets": 2], geometry: nil)
            ]))

    static let withoutTissue = AnalysisOutcome.done(
        AnalysisResult(status: .noTissue, remarks: [], quality: ["tissue_share": 0], findings: []))

    static let broken = AnalysisOutcome.failed(
        AnalysisFailure(stage: .read, code: .malformed, message: "strip 3 is cut short"))
}
