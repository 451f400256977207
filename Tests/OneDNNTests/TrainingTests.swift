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
        _ training: TrainingGraph, by engine: any TrainingEngine, precision: Precision = .float32, threads: Int = 1
    ) throws -> [Tensor] {
        let network = try engine.compile(training, precision: precision, threads: threads)
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

    /// bfloat16 has 8 bits of a number.
    @Test(.enabled(if: InstructionSet.current.hasMatrices), arguments: [1, 3, 5], [1, 2])
    func bfloat16MultipliesNearlyAsTheReferenceDoes(kernel: Int, stride: Int) throws {
        let convolution = Convolution(
            window: Window(strides: [stride, stride], pads: [Int](repeating: kernel / 2, count: 4)))
        let training = try behindAnotherLayer(
            convolution, initializers: ["w": [64, 32, kernel, kernel], "b": [64]], [4, 32, 12, 14])
        let expected = try outcome(training, by: ReferenceTrainingEngine())
        let found = try outcome(training, by: OneDNNEngine(), precision: .bfloat16)
        for (tensor, plain) in zip(found, expected) { #expect(try relativeDifference(tensor, plain) <= 0.02) }
        if kernel == 3, stride == 1 { #expect(try found != outcome(training, by: OneDNNEngine())) }
        #expect(try outcome(training, by: OneDNNEngine(), precision: .bfloat16, threads: 3) == found)
    }

    /// Of 3 x 3, by Winograd's filtering.
    struct Square: Sendable {
        let images, inputs, outputs, height, width: Int
        let pads: [Int]
        var activation: UnaryElementwise.Function?
    }

    @Test(
        .enabled(if: InstructionSet.current.hasConvolutionKernels),
        arguments: [
            Square(images: 6, inputs: 16, outputs: 32, height: 9, width: 13, pads: [1, 1, 1, 1]),
            Square(images: 3, inputs: 48, outputs: 16, height: 10, width: 7, pads: [0, 2, 1, 1], activation: .relu),
            Square(images: 2, inputs: 32, outputs: 32, height: 8, width: 8, pads: [2, 0, 0, 2], activation: .tanh),
            // Sums, and then kernels too, that no core's cache holds.
            Square(images: 4, inputs: 112, outputs: 96, height: 7, width: 8, pads: [1, 1, 1, 1]),
            Square(images: 2, inputs: 160, outputs: 144, height: 8, width: 8, pads: [1, 1, 1, 1], activation: .relu),
        ]) func squareKernelsLearnByWinogradsFiltering(_ square: Square) throws
    {
        let convolution = Convolution(window: Window(pads: square.pads))
        let (inputs, outputs) = (square.inputs, square.outputs)
        let data = Shape([square.images, inputs, square.height, square.width])
        let sides = (
            square.height + square.pads[0] + square.pads[2] - 2, square.width + square.pads[1] + square.pads[3] - 2
        )
        let problem = try ConvolutionProblem(
            convolution, data: data, filters: [outputs, inputs, 3, 3],
            output: Shape([square.images, outputs, sides.0, sides.1]))
        #expect(WinogradRule.learns(problem, pieces: 1))
        try expectAgreement(
            convolution, initializers: ["w": [outputs, inputs, 3, 3], "b": [outputs]], data,
            activation: square.activation)
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
        let (channels, kernel) = (depthwise.channels, depthwise.kernel)
        let window = Window(
            strides: [depthwise.stride, depthwise.stride], pads: depthwise.pads,
            dilations: [depthwise.dilation, depthwise.dilation])
        try expectAgreement(
            Convolution(window: window, groups: channels),
            initializers: ["w": [channels, 1, kernel, kernel], "b": [channels]], [6, channels, 11, 13],
            activation: .relu)
    }

    private func expectAgreement(
        _ convolution: Convolution, initializers: [String: Shape], _ data: Shape,
        activation: UnaryElementwise.Function?
    ) throws {
        try expectAgreement(
            behindAnotherLayer(convolution, initializers: initializers, data, activation: activation))
    }

    /// A convolution behind another layer, to which the gradient goes on, and an activation.
    private func behindAnotherLayer(
        _ convolution: Convolution, initializers: [String: Shape], _ data: Shape,
        activation: UnaryElementwise.Function? = nil
    ) throws -> TrainingGraph {
        var random = SplitMix64(seed: 9)
        var tensors = ["d": random.tensor([data[1], 1, 1, 1])]
        for (name, shape) in initializers.sorted(by: { $0.key < $1.key }) { tensors[name] = random.tensor(shape) }
        var nodes = [
            Graph.Node(
                name: "depthwise", operation: Convolution(window: Window(), groups: data[1]), inputs: ["input", "d"],
                outputs: ["x"]),
            Graph.Node(
                name: "conv", operation: convolution, inputs: ["x", "w", "b"],
                outputs: [activation == nil ? "output" : "c"]),
        ]
        if let activation {
            nodes.append(
                .init(name: "act", operation: UnaryElementwise(activation), inputs: ["c"], outputs: ["output"]))
        }
        let channels = initializers["b"]?[0] ?? 0
        let graph = try Graph(
            name: "convolution",
            inputs: [
                .init(
                    name: "input", elementType: .float32,
                    dimensions: [.symbolic("N"), .fixed(data[1]), .fixed(data[2]), .fixed(data[3])])
            ],
            outputs: [
                .init(
                    name: "output", elementType: .float32,
                    dimensions: [.symbolic("N"), .fixed(channels), .symbolic("h"), .symbolic("w")])
            ],
            initializers: tensors, nodes: nodes)
        return try TrainingGraph(graph, inputShapes: ["input": data])
    }

    /// As a network of star-convex outlines has them: the gradients of both meet in what they look at.
    @Test(arguments: [1, 4]) func twoHeadsOnOneLayerLearn(images: Int) throws {
        var random = SplitMix64(seed: 11)
        var initializers: [String: Tensor] = [:]
        for (name, shape) in [
            ("w0", [16, 3, 3, 3] as Shape), ("b0", [16]), ("w1", [16, 16, 3, 3]), ("b1", [16]), ("w2", [1, 16, 3, 3]),
            ("b2", [1]), ("w3", [16, 16, 3, 3]), ("b3", [16]),
        ] { initializers[name] = random.tensor(shape) }
        let same = Window(pads: [1, 1, 1, 1])
        func convolution(_ index: Int, _ window: Window, _ input: String, _ output: String) -> Graph.Node {
            .init(
                name: "conv\(index)", operation: Convolution(window: window),
                inputs: [input, "w\(index)", "b\(index)"], outputs: [output])
        }
        func output(_ name: String, _ channels: Int) -> Graph.Port {
            .init(
                name: name, elementType: .float32,
                dimensions: [.symbolic("N"), .fixed(channels), .symbolic("h"), .symbolic("w")])
        }
        let graph = try Graph(
            name: "heads",
            inputs: [
                .init(
                    name: "input", elementType: .float32,
                    dimensions: [.symbolic("N"), .fixed(3), .fixed(64), .fixed(64)])
            ],
            outputs: [output("probability", 1), output("distances", 16)], initializers: initializers,
            nodes: [
                convolution(0, Window(strides: [2, 2], pads: [1, 1, 1, 1]), "input", "c0"),
                .init(name: "relu0", operation: UnaryElementwise(.relu), inputs: ["c0"], outputs: ["r0"]),
                convolution(1, Window(pads: [2, 2, 2, 2], dilations: [2, 2]), "r0", "c1"),
                .init(name: "relu1", operation: UnaryElementwise(.relu), inputs: ["c1"], outputs: ["r1"]),
                convolution(2, same, "r1", "probability"), convolution(3, same, "r1", "logarithms"),
                .init(name: "tanh", operation: UnaryElementwise(.tanh), inputs: ["logarithms"], outputs: ["distances"]),
            ])
        try expectAgreement(TrainingGraph(graph, inputShapes: ["input": [images, 3, 64, 64]]))
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
