import Findings
import Foundation
import TestSupport
import Testing

@testable import Batch

/// What is packed is unpacked: a value whose parts all differ shows where the two are out of step.
@Suite struct PackableTests {
    private func expectRoundTrip<Value: Packable & Equatable>(_ value: Value) throws {
        var packer = Packer()
        try packer.add(value)
        var unpacker = Unpacker(packer.bytes[...])
        #expect(try unpacker.next(Value.self) == value)
        #expect(unpacker.isAtEnd)
    }

    private static let hash = ContentHash(digest: (0..<32).map { UInt8($0) })

    private static let finding = Finding(
        ordinal: 1, kind: .region, label: "two", confidence: 0.03, rawConfidence: 0.04, image: 23,
        box: .init(x: 5, y: 6, width: 7, height: 8), centroid: .init(x: 9.5, y: 10.5), areaPixels: 11,
        areaSquareMicrometres: 12.5,
        probabilities: [.init(label: "thirteen", probability: 0.14), .init(label: "fifteen", probability: 0.16)],
        measurements: ["seventeen": 18, "nineteen": 20], geometry: Data([21, 22]))

    private static let image = Scan.Image(
        width: 1, height: 2, levels: 3, spacing: RecordedSpacing(micrometresPerPixel: 0.4, source: .ome), format: "5")

    private static func illustration() throws -> ScanIllustration {
        ScanIllustration(
            thumbnails: [
                try #require(Thumbnail(image: 1, width: 2, height: 3, jpeg: Data([0xFF, 0xD8, 0xFF, 4])))
            ],
            heatMaps: [
                try #require(
                    HeatMap(
                        image: 5, stage: "six", classes: ["seven", "eight"], columns: [9..<10, 11..<12],
                        rows: [13..<14],
                        graded: Data([1]), levels: Data([15, 16])))
            ])
    }

    @Test func requests() throws {
        try expectRoundTrip(AnalysisRequest(spacing: 0.1, outlines: Data([1, 0, 255]), processorSeconds: 2))
        try expectRoundTrip(AnalysisRequest(spacing: nil, outlines: nil, processorSeconds: 2))
        try expectRoundTrip(
            AnalysisRequest(
                spacing: nil, outlines: nil, processorSeconds: 2,
                parts: PartTable(form: .mirax, names: ["Data0000.dat", "Index.dat"])))
    }

    @Test func answers() throws {
        try expectRoundTrip(WorkerMessage.ready(Greeting(version: 1, pipeline: Self.hash, confinement: .files)))
        try expectRoundTrip(WorkerMessage.unusable("why"))
        try expectRoundTrip(WorkerMessage.findings([Self.finding, Self.finding]))
        let places = [(1, 2), (nil, 7)].map { ordinal, x in
            EmbeddingBlock.Place(ordinal: ordinal, box: .init(x: x, y: 3, width: 4, height: 5))
        }
        let block = try #require(
            EmbeddingBlock(
                stage: "looks", space: Self.hash, unit: .tile, image: 8, dimension: 3, places: places,
                vectors: Data([1, 2, 3, 4, 5, 6])))
        try expectRoundTrip(WorkerMessage.embeddings(block))
        let result = AnalysisResult(
            status: .rejected, remarks: ["one", "two"], quality: ["three": 4, "five": 6], findings: [Self.finding],
            illustration: try Self.illustration())
        try expectRoundTrip(
            WorkerMessage.end(AnalysisEnd(image: Self.image, outcome: .done(result), findingCount: 7)))
        let failure = AnalysisFailure(stage: .read, code: .limit, message: "why")
        try expectRoundTrip(WorkerMessage.end(AnalysisEnd(image: nil, outcome: .failed(failure), findingCount: 0)))
    }

    @Test func everyWordOfASet() throws {
        for kind in Finding.Kind.allCases { try expectRoundTrip(kind) }
        for status in AnalysisResult.Status.allCases { try expectRoundTrip(status) }
        for stage in AnalysisFailure.Stage.allCases { try expectRoundTrip(stage) }
        for code in AnalysisFailure.Code.allCases { try expectRoundTrip(code) }
        for source in RecordedSpacing.Source.allCases { try expectRoundTrip(source) }
    }

    @Test(arguments: [0, 1, -1, .max, .min]) func numbers(number: Int) throws {
        try expectRoundTrip(number)
        try expectRoundTrip(Double(number) / 3)
        try expectRoundTrip([number, 7])
        try expectRoundTrip(number == 0 ? nil : number)
    }
}
