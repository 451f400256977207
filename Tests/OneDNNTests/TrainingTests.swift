import NeuralNetworks
import Testing

@testable import OneDNN

/// Holds the learned gradients of the fast engine against the plain ones.
@Suite struct TrainingTests {
    /// Those with weights to learn.
    static let cases =
        NetworkCase.convolutions + NetworkCase.transposedConvolutions + NetworkCase.joins + NetworkCase.resamplings
        + NetworkCase.heads + NetworkCase.normalisations

    /// What a batch gives and what its answers' seeded gradients become.
    private func outcome(
        _ training: TrainingGraph, by engine: any TrainingEngine, threads: Int = 1
    ) throws -> [Tensor] {
        let network = try engine.compile(training, threads: threads)
        var random = SplitMix64(seed: 7)
        let inputs = network.inputs.map { random.tensor($0.type.shape) }
        let outputs = try network.forward(
            inputs, parameters: training.parameters.compactMap { training.graph.initializers[$0] })
        let seeds = outputs.prefix(training.answerCount).map { random.tensor($0.shape) }
        return try outputs + network.backward(from: seeds)
    }

    private func expectAgreement(_ training: TrainingGraph) throws {
        guard let expected = try? outcome(training, by: ReferenceTrainingEngine()) else {
            #expect(throws: EngineError.self) { try outcome(training, by: OneDNNEngine()) }
            return
        }
        let found = try outcome(training, by: OneDNNEngine())
        #expect(found.count == expected.count)
        for (index, (tensor, plain)) in zip(found, expected).enumerated() {
            #expect(try relativeDifference(tensor, plain) <= 1e-4, "\(index)")
        }
        #expect(try outcome(training, by: OneDNNEngine(), threads: 3) == found)
    }

    @Test(arguments: cases) func agreesWithTheReferenceAtAnyNumberOfThreads(_ network: NetworkCase) throws {
        guard let training = try? TrainingGraph(network.graph(), inputShapes: [:]) else { return }
        try expectAgreement(training)
    }

    /// Beyond 3 x 3, for which oneDNN has no code.
    struct Depthwise: Sendable {
        let channels, kernel, stride, dilation: Int
        let pads: [Int]
    }

    @Test(arguments: [
        Depthwise(channels: 32, kernel: 5, stride: 1, dilation: 1, pads: [2, 2, 2, 2]),
        Depthwise(channels: 24, kernel: 5, stride: 2, dilation: 1, pads: [2, 2, 2, 2]),
        Depthwise(channels: 20, kernel: 7, stride: 3, dilation: 1, pads: [0, 3, 5, 1]),
        Depthwise(channels: 16, kernel: 4, stride: 1, dilation: 2, pads: [3, 6, 4, 0]),
    ]) func largeDepthwiseKernelsLearn(_ depthwise: Depthwise) throws {
        var random = SplitMix64(seed: 9)
        let (channels, kernel) = (depthwise.channels, depthwise.kernel)
        let window = Window(
            strides: [depthwise.stride, depthwise.stride], pads: depthwise.pads,
            dilations: [depthwise.dilation, depthwise.dilation])
        let graph = try Graph(
            name: "depthwise",
            inputs: [
                .init(
                    name: "input", elementType: .float32,
                    dimensions: [.symbolic("N"), .fixed(channels), .fixed(11), .fixed(13)])
            ],
            outputs: [
                .init(
                    name: "output", elementType: .float32,
                    dimensions: [.symbolic("N"), .fixed(channels), .symbolic("h"), .symbolic("w")])
            ],
            initializers: [
                "w": random.tensor([channels, 1, kernel, kernel]), "b": random.tensor([channels]),
            ],
            nodes: [
                .init(
                    name: "conv", operation: Convolution(window: window, groups: channels),
                    inputs: ["input", "w", "b"],
                    outputs: ["c"]),
                .init(name: "relu", operation: UnaryElementwise(.relu), inputs: ["c"], outputs: ["output"]),
            ])
        try expectAgreement(TrainingGraph(graph, inputShapes: ["input": [6, channels, 11, 13]]))
    }

    @Test func aBatchIsNormalisedAsAWholeThoughItsPiecesAreComputedApart() throws {
        let network = try UNet(depth: 2, baseChannels: 4, classes: 2).graph(
            input: ImageShape(channels: 3, height: 16, width: 16))
        try expectAgreement(TrainingGraph(network, inputShapes: ["input": [6, 3, 16, 16]]))
    }

    @Test func frozenNormalisationsAndDroppedValuesAreLearnedThrough() throws {
        let frozen = try ResNetStem.graph()
        try expectAgreement(TrainingGraph(frozen, inputShapes: ["input": [4, 3, 12, 12]], normalisation: .frozen))
        let training = try TrainingGraph(frozen, inputShapes: ["input": [4, 3, 12, 12]])
        #expect(training.dropped == [0.5])
        #expect(training.statistics.map(\.count) == [4 * 12 * 12])
        try expectAgreement(training)
    }
}

/// A few layers of each kind that a classifier has.
private struct ResNetStem {
    static func graph() throws -> Graph {
        var random = SplitMix64(seed: 3)
        let names = ["w": [8, 3, 3, 3], "s": [8], "b": [8], "m": [8], "v": [8], "f": [5, 8]]
        var initializers: [String: Tensor] = [:]
        for (name, extents) in names.sorted(by: { $0.key < $1.key }) {
            initializers[name] = random.tensor(Shape(extents))
        }
        initializers["v"] = Tensor(shape: [8], [Float](repeating: 0.7, count: 8))
        let window = Window(pads: [1, 1, 1, 1])
        return try Graph(
            name: "stem",
            inputs: [
                .init(
                    name: "input", elementType: .float32,
                    dimensions: [.symbolic("N"), .fixed(3), .fixed(12), .fixed(12)])
            ], outputs: [.init(name: "output", elementType: .float32, dimensions: [.symbolic("N"), .fixed(5)])],
            initializers: initializers,
            nodes: [
                .init(name: "conv", operation: Convolution(window: window), inputs: ["input", "w"], outputs: ["c"]),
                .init(
                    name: "norm", operation: BatchNormalization(), inputs: ["c", "s", "b", "m", "v"], outputs: ["n"]),
                .init(name: "relu", operation: UnaryElementwise(.relu), inputs: ["n"], outputs: ["r"]),
                .init(name: "sum", operation: BinaryElementwise(.add), inputs: ["r", "c"], outputs: ["a"]),
                .init(name: "pool", operation: GlobalPooling(.average), inputs: ["a"], outputs: ["p"]),
                .init(name: "flat", operation: Flatten(axis: 1), inputs: ["p"], outputs: ["q"]),
                .init(name: "drop", operation: Dropout(), inputs: ["q"], outputs: ["d"]),
                .init(name: "head", operation: Gemm(transposeB: true), inputs: ["d", "f"], outputs: ["output"]),
            ])
    }
}
