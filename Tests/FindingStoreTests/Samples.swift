import FindingStore
import Findings
import Foundation
import Testing

/// Records to fill a database with.
enum Samples {
    static let start = Date(timeIntervalSince1970: 1_700_000_000)

    /// A hash that is all one digit.
    static func hash(_ digit: Character) -> ContentHash {
        guard let hash = ContentHash(hexadecimal: String(repeating: digit, count: 64)) else {
            preconditionFailure("\(digit) is not a hexadecimal digit")
        }
        return hash
    }

    static func pipeline(_ digit: Character = "f", name: String = "colorectal-biopsy") -> PipelineIdentity {
        PipelineIdentity(
            name: name, sha256: hash(digit), definition: "name: \(name)\n",
            models: [
                ModelIdentity(role: .segmentation, name: "glands.onnx", sha256: hash("1")),
                ModelIdentity(role: .classification, name: "grades.onnx", sha256: hash("2")),
            ],
            engine: EngineIdentity(version: "oneDNN 2.6.3", precision: "float32", instructionSet: "avx512_core"))
    }

    static let run = RunDescription(
        arguments: ["run", "scans"], host: "night", programVersion: "1.0.0", startedAt: start)

    static let counts = RunCounts(found: 2, done: 1, skipped: 0, failed: 1, left: 0)

    static func scan(_ digit: Character) -> Scan {
        Scan(
            sha256: hash(digit), byteCount: 1000,
            image: .init(
                width: 300, height: 200, levels: 1, spacing: RecordedSpacing(micrometresPerPixel: 0.5, source: .ome),
                format: "stripped 8-bit RGB"))
    }

    static func sighting(_ path: String, patient: String = "P1", stamp: FileStamp? = nil) -> Sighting {
        Sighting(folder: "/scans", path: path, patient: Patient(id: patient, source: .folder), stamp: stamp)
    }

    static func region(
        _ ordinal: Int, x: Int = 10, y: Int = 20, label: String = "Adenocarcinoma", confidence: Double = 0.75
    ) -> Finding {
        Finding(
            ordinal: ordinal, kind: .region, label: label, confidence: confidence, rawConfidence: 0.9,
            box: .init(x: x, y: y, width: 5, height: 4), centroid: .init(x: Double(x) + 2.25, y: Double(y) + 1.5),
            areaPixels: 17, areaSquareMicrometres: 4.25,
            probabilities: [
                .init(label: label, probability: confidence), .init(label: "Normal", probability: 1 - confidence),
            ],
            measurements: ["perimeter_px": 12.5, "eccentricity": 0.1], geometry: Data([1, 2, 3]))
    }

    static func wholeScan(_ ordinal: Int, label: String = "Adenocarcinoma", confidence: Double = 0.6) -> Finding {
        Finding(
            ordinal: ordinal, kind: .scan, label: label, confidence: confidence, rawConfidence: 0.5,
            box: .init(x: 0, y: 0, width: 300, height: 200), centroid: .init(x: 150, y: 100), areaPixels: nil,
            areaSquareMicrometres: nil, probabilities: [.init(label: label, probability: confidence)],
            measurements: [:], geometry: nil)
    }

    /// A finding of any kind, with an outline or without.
    static func finding(
        _ ordinal: Int, _ kind: Finding.Kind, image: Int = 0, areaPixels: Int64? = nil,
        areaSquareMicrometres: Double? = nil,
        geometry: Data? = nil
    ) -> Finding {
        Finding(
            ordinal: ordinal, kind: kind, label: "Nucleus", confidence: 0.5, rawConfidence: 0.5, image: image,
            box: .init(x: 0, y: 0, width: 8, height: 8), centroid: .init(x: 4, y: 4), areaPixels: areaPixels,
            areaSquareMicrometres: areaSquareMicrometres, probabilities: [], measurements: [:], geometry: geometry)
    }

    static func done(_ findings: [Finding], status: AnalysisResult.Status = .findings) -> AnalysisOutcome {
        .done(AnalysisResult(status: status, remarks: [], quality: ["tissue_share": 0.4], findings: findings))
    }

    static func failed(_ code: AnalysisFailure.Code = .malformed) -> AnalysisOutcome {
        .failed(AnalysisFailure(stage: .read, code: code, message: "strip 3 is cut short"))
    }

    /// A result with all that a result can have.
    static func everything() throws -> AnalysisResult {
        let picture = try #require(Thumbnail(width: 3, height: 2, jpeg: Data([0xFF, 0xD8, 0xFF])))
        let map = try #require(
            HeatMap(stage: "grades", classes: ["Normal"], columns: [0..<9], rows: [0..<9], probabilities: { _ in [1] }))
        let vector = try #require(
            EmbeddingBlock(
                stage: "looks", space: hash("5"), unit: .scan, dimension: 1,
                places: [.init(ordinal: nil, box: Finding.Box(x: 0, y: 0, width: 9, height: 9))], vectors: Data([1])))
        return AnalysisResult(
            status: .findings, remarks: [], quality: [:], findings: [region(0)],
            illustration: ScanIllustration(thumbnails: [picture], heatMaps: [map]), embeddings: [vector])
    }

    static func record(
        _ digit: Character, _ outcome: AnalysisOutcome, run: Int64, sightings: [Sighting]? = nil,
        pipeline: ContentHash = hash("f"), finishedAt: Date = start + 10
    ) -> AnalysisRecord {
        AnalysisRecord(
            run: run, pipeline: pipeline,
            subject: .scan(scan(digit), sightings: sightings ?? [sighting("P1/\(digit).tif")], outcome: outcome),
            startedAt: start, finishedAt: finishedAt)
    }
}
