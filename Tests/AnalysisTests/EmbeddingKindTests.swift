import Analysis
import Findings
import Foundation
import NeuralNetworks
import Testing

/// Vectors of scans, tiles and regions; what is right is the arithmetic of the picture's colours.
@Suite struct EmbeddingKindTests {
    private static let scores: [any NeuralNetworks.Operator] = [GlobalPooling(.average), Flatten()]
    /// The mean of red, green and blue, each but for a bias.
    private static let colours = ColourNetwork(
        classes: [[1, 0, 0, -0.5], [0, 1, 0, -0.5], [0, 0, 1, -0.25]], tail: scores)
    /// Two tiles: a blue one, and ground.
    private static let halves = Rectangles(
        width: 128, height: 64,
        rectangles: [(Finding.Box(x: 0, y: 0, width: 64, height: 64), Rectangles.blue)])

    private func embedding(
        _ stage: String, network: ColourNetwork = EmbeddingKindTests.colours, tensor: String = "answer"
    ) throws
        -> HandmadePipeline.Model
    {
        .init(
            graph: try network.graph(), task: "embedding", output: "layout: NCHW", tensor: tensor,
            stage: ", tile: 64\(stage)")
    }

    private func normalised(_ vector: [Double]) -> [Double] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    /// Of a tile of one colour.
    private func vector(_ colour: [UInt8]) -> [Double] {
        normalised(zip(colour, [0.5, 0.5, 0.25]).map { Double($0) / 255 - $1 })
    }

    private func cosine(_ block: EmbeddingBlock, _ index: Int, _ right: [Double]) -> Double {
        let bytes = block.vectors.dropFirst(index * block.dimension).prefix(block.dimension)
        let found = normalised(bytes.map { Double(Int8(bitPattern: $0)) })
        return zip(found, normalised(right)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func aScanHasTheMeanOfItsTiles() throws {
        let result = try HandmadePipeline([embedding("")]).result(of: Self.halves)
        #expect(result.findings.isEmpty && !result.remarks.contains { $0.contains("nothing was marked") })
        let block = try #require(result.embeddings.first)
        #expect(block.unit == .scan && block.dimension == 3 && block.stage == "stage-1")
        #expect(block.places == [.init(ordinal: nil, box: Finding.Box(x: 0, y: 0, width: 128, height: 64))])
        let right = zip(vector(Rectangles.blue), vector(Rectangles.ground)).map { $0 + $1 }
        #expect(cosine(block, 0, right) > 0.9999)
    }

    @Test func tilesHaveTheirOwn() throws {
        let result = try HandmadePipeline([embedding(", of: tile")]).result(of: Self.halves)
        let block = try #require(result.embeddings.first)
        #expect(block.unit == .tile && block.places.map(\.box.x) == [0, 64])
        for (index, colour) in [Rectangles.blue, Rectangles.ground].enumerated() {
            #expect(cosine(block, index, vector(colour)) > 0.9999)
        }
    }

    /// The tensor before the pooling, which is no output of the graph: its mean is what the pooling gives.
    @Test func mapsBetweenTheNodesAreAveraged() throws {
        let whole = try HandmadePipeline([embedding("")]).result(of: .pair).embeddings
        let inner = try HandmadePipeline([embedding("", tensor: "value-0")]).result(of: .pair).embeddings
        #expect(whole[0].space != inner[0].space)
        #expect(cosine(inner[0], 0, whole[0].vectors.map { Double(Int8(bitPattern: $0)) }) > 0.9999)
    }

    @Test func regionsHaveThoseOfTheirTiles() throws {
        let marks = ColourNetwork(classes: [ColourNetwork.red, ColourNetwork.blue])
        let pipeline = try HandmadePipeline([
            .init(
                graph: marks.graph(), task: "segmentation", output: "activation: sigmoid, classes: [red, blue]",
                stage: ", tile: 64, overlap: 16"),
            embedding(", within: stage-1"),
        ])
        let result = try pipeline.result(of: Self.halves)
        let block = try #require(result.embeddings.first)
        #expect(block.unit == .region && block.places.map(\.ordinal) == result.findings.map(\.ordinal))
        #expect(block.places.map(\.box) == result.findings.map(\.box))
        #expect(cosine(block, 0, vector(Rectangles.blue)) > 0.9999)
        let moved = try #require(block.placed(after: 5, inImage: 2))
        #expect(moved.image == 2 && moved.places.map(\.ordinal) == block.places.map { ($0.ordinal ?? 0) + 5 })
        #expect(moved.vectors == block.vectors && moved.places.map(\.box) == block.places.map(\.box))
        #expect(try pipeline.result(of: Self.halves, threads: 3).embeddings == result.embeddings)
    }

    @Test(arguments: [
        ("nowhere", "", "the model has no tensor `nowhere`; its last are `value-0`"),
        ("answer", ", of: region", "within is missing"),
    ])
    func whatHasNoVectorIsRefused(tensor: String, stage: String, says: String) throws {
        let error = try #require(throws: PipelineError.self) {
            try HandmadePipeline([embedding(stage, tensor: tensor)]).load()
        }
        #expect(error.description.contains(says), "\(error)")
    }

    /// Of 128 elements from a normal distribution, over a thousand pairs.
    @Test func aByteAnElementMovesCosinesByAThousandth() throws {
        var generator = SplitMix(state: 7)
        func draw() -> [Float] {
            (0..<128).map { _ in
                (0..<12).reduce(Float(-6)) { sum, _ in sum + Float(generator.next() >> 40) / Float(1 << 24) }
            }
        }
        var worst = 0.0
        for _ in 0..<1_000 {
            let (first, second) = (draw(), draw())
            let bytes = try [first, second].map {
                try #require(EmbeddingBlock.quantised($0)).map { Double(Int8(bitPattern: $0)) }
            }
            func product(_ first: [Double], _ second: [Double]) -> Double {
                zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
            }
            let exact = product(normalised(first.map(Double.init)), normalised(second.map(Double.init)))
            worst = max(worst, abs(exact - product(normalised(bytes[0]), normalised(bytes[1]))))
        }
        #expect(worst < 0.004, "\(worst)")
        #expect(EmbeddingBlock.quantised([0, 0]) == nil && EmbeddingBlock.quantised([.nan, 1]) == nil)
    }

    private struct SplitMix {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
