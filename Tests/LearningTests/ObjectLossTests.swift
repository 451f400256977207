import Foundation
import Learning
import NeuralNetworks
import Testing

/// The losses of objects against PyTorch's, as `Goldens/make-object-losses.py` wrote them, and their gradients through a network
/// against small steps.
@Suite struct ObjectLossTests {
    /// Fractions by the name's FNV-1a hash, as the script draws them.
    private func drawn(_ name: String, _ shape: Shape) -> [Float] {
        let seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        var random = SplitMix64(seed: seed)
        return (0..<shape.elementCount).map { _ in random.nextFraction() }
    }

    private func tensor(_ name: String, _ shape: Shape, _ change: (Float) -> Float) -> Tensor {
        Tensor(shape: shape, drawn(name, shape).map(change))
    }

    private func expectGolden(_ name: String, _ value: NetworkLossValue) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name).npy")
        let expected = try #require(try NPY.decode(Array(Data(contentsOf: file))).floats)
        let found = [Float(value.value)] + value.gradients.flatMap { $0.floats ?? [] }
        try #require(found.count == expected.count)
        #expect(abs(found[0] - expected[0]) <= 1e-5 * expected[0])
        let largest = expected.dropFirst().map(abs).max() ?? 0
        #expect(largest > 0 && zip(found, expected).dropFirst().allSatisfy { abs($0 - $1) <= 1e-5 * largest })
    }

    private var starTruths: [Tensor] {
        [
            tensor("fractions", [2, 2, 4, 5]) { $0 < 0.1 ? -1 : $0 < 0.4 ? 0 : $0 },
            tensor("wanted", [2, 6, 4, 5]) { 9 * $0 + 1 },
        ]
    }

    private var centreTruths: [Tensor] {
        let places = drawn("places", [2, 1, 4, 5]).map { $0 < 0.2 }
        func atPlaces(_ name: String, _ change: (Float) -> Float) -> Tensor {
            Tensor(
                shape: [2, 2, 4, 5],
                drawn(name, [2, 2, 4, 5]).enumerated().map { places[$0 / 40 * 20 + $0 % 20] ? change($1) : 0 })
        }
        return [
            tensor("warmth", [2, 3, 4, 5]) { $0 < 0.1 ? -1 : $0 > 0.8 ? 1 : $0 }, atPlaces("extent") { 60 * $0 + 5 },
            atPlaces("middle") { $0 },
        ]
    }

    @Test func starConvexOutlinesAsInPyTorch() throws {
        let answers = [
            tensor("logits", [2, 2, 4, 5]) { 8 * $0 - 4 }, tensor("distances", [2, 6, 4, 5]) { 9 * $0 + 1 },
        ]
        try expectGolden("star-convex", StarConvexLoss().value(of: answers, truths: starTruths))
    }

    @Test func centresAsInPyTorch() throws {
        let answers = [
            tensor("heat", [2, 3, 4, 5]) { 8 * $0 - 4 }, tensor("sizes", [2, 2, 4, 5]) { 60 * $0 + 5 },
            tensor("offsets", [2, 2, 4, 5]) { 2 * $0 - 0.5 },
        ]
        try expectGolden("centres", CentreLoss().value(of: answers, truths: centreTruths))
    }

    /// A convolution for each head; the further ones' answers are exponentials.
    private func network(_ channels: [Int]) throws -> Graph {
        var (nodes, outputs, initializers) = ([Graph.Node](), [Graph.Port](), [String: Tensor]())
        for (index, count) in channels.enumerated() {
            initializers["w\(index)"] = tensor("w\(index)", [count, 3, 3, 3]) { 0.6 * $0 - 0.3 }
            initializers["b\(index)"] = tensor("b\(index)", [count]) { $0 - 0.5 }
            let head = index == 0 ? "out0" : "raw\(index)"
            nodes.append(
                Graph.Node(
                    name: "conv\(index)", operation: Convolution(window: Window(pads: [1, 1, 1, 1])),
                    inputs: ["image", "w\(index)", "b\(index)"], outputs: [head]))
            if index > 0 {
                nodes.append(
                    Graph.Node(
                        name: "exp\(index)", operation: UnaryElementwise(.exponential), inputs: [head],
                        outputs: ["out\(index)"]))
            }
            outputs.append(
                Graph.Port(name: "out\(index)", elementType: .float32, dimensions: [2, count, 4, 5].map { .fixed($0) }))
        }
        let image = Graph.Port(name: "image", elementType: .float32, dimensions: [2, 3, 4, 5].map { .fixed($0) })
        return try Graph(
            name: "heads", inputs: [image], outputs: outputs, initializers: initializers, nodes: nodes)
    }

    @Test(arguments: [true, false]) func gradientsThroughANetworkAreTheSlopesOfSmallSteps(isStar: Bool) throws {
        var truths = isStar ? starTruths : centreTruths
        // Far from the answers, where a distance has a corner.
        if !isStar { truths[2] = Tensor(shape: truths[2].shape, (truths[2].floats ?? []).map { $0 - 3 }) }
        let loss: any NetworkLoss = isStar ? StarConvexLoss() : CentreLoss()
        let graph = try network(truths.map { $0.shape[1] })
        let training = try TrainingGraph(graph, inputShapes: [:])
        let trainable = try ReferenceTrainingEngine().compile(training, threads: 1)
        let image = tensor("image", [2, 3, 4, 5]) { 2 * $0 - 1 }
        let weights = training.parameters.compactMap { graph.initializers[$0] }
        var random = SplitMix64(seed: 5)
        let answers = try trainable.forward([image], parameters: weights)
        let gradients = try trainable.backward(from: loss.value(of: answers, truths: truths).gradients)
        for _ in 0..<20 {
            let directions = weights.map { $0.floats.map { $0.map { _ in 2 * random.nextFraction() - 1 } } ?? [] }
            func value(_ step: Float) throws -> Double {
                let moved = zip(weights, directions).map { weight, direction in
                    Tensor(shape: weight.shape, zip(weight.floats ?? [], direction).map { $0 + step * $1 })
                }
                return loss.value(of: try trainable.forward([image], parameters: moved), truths: truths).value
            }
            let expected = zip(gradients, directions).reduce(0.0) { sum, pair in
                sum + zip(pair.0.floats ?? [], pair.1).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            }
            let slope = (try value(0.002) - value(-0.002)) / 0.004
            #expect(abs(slope - expected) < 2e-3 * max(1, abs(expected)), "\(slope) \(expected)")
        }
    }
}
