import NeuralNetworks
import Testing

@testable import OneDNN

/// What a network promises beside its numbers.
@Suite struct OneDNNNetworkTests {
    private static let network = NetworkCase.unet(images: 1, width: 16, scale: "transposed")

    @Test(arguments: NetworkCase.architectures)
    func repeatsBitForBit(_ network: NetworkCase) throws {
        let graph = try network.graph()
        let inputs = seededInputs(of: graph)
        let first = try OneDNNNetwork(graph).run(inputs)
        let context = try OneDNNNetwork(graph).makeContext()
        _ = try context.run(seededInputs(of: graph, seed: 8))
        let second = try context.run(inputs)
        #expect(second == first)
        let onTwoThreads = try OneDNNNetwork(graph, threads: 2).run(inputs)
        #expect(onTwoThreads == first)
    }

    /// Rows of more elements than oneDNN's inner product sums in one part for several threads, with few weights and with many.
    @Test(arguments: [(1, 1280, 6), (3, 1280, 1000), (1, 4096, 1000), (3, 4096, 520)])
    func longRowsAreSummedAlikeOnAnyThreads(rows: Int, inner: Int, columns: Int) throws {
        var random = SplitMix64(seed: 5)
        func port(_ name: String, _ extent: Int) -> Graph.Port {
            .init(name: name, elementType: .float32, dimensions: [.fixed(rows), .fixed(extent)])
        }
        for isTransposed in [false, true] {
            let weights = random.tensor(isTransposed ? [columns, inner] : [inner, columns])
            let graph = try Graph(
                name: "rows", inputs: [port("input", inner)], outputs: [port("output", columns)],
                initializers: ["w": weights, "b": random.tensor([columns])],
                nodes: [
                    .init(
                        name: "gemm", operation: Gemm(transposeB: isTransposed), inputs: ["input", "w", "b"],
                        outputs: ["g"]),
                    .init(name: "relu", operation: UnaryElementwise(.relu), inputs: ["g"], outputs: ["output"]),
                ])
            let inputs = seededInputs(of: graph)
            let first = try OneDNNNetwork(graph).run(inputs)
            let (found, expected) = try (
                #require(first["output"]), #require(ReferenceExecutor(graph).run(inputs)["output"])
            )
            #expect(try relativeDifference(found, expected) <= 1e-5)
            for threads in 2...5 { #expect(try OneDNNNetwork(graph, threads: threads).run(inputs) == first) }
        }
    }

    @Test func contextsRunSideBySide() async throws {
        let graph = try Self.network.graph()
        let network = try OneDNNNetwork(graph)
        let expected = try (0..<2).map { try network.run(seededInputs(of: graph, seed: UInt64($0))) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<2 {
                group.addTask {
                    let context = try network.makeContext()
                    let inputs = seededInputs(of: graph, seed: UInt64(index))
                    return try (0..<20).allSatisfy { _ in try context.run(inputs) == expected[index] }
                }
            }
            for try await isSame in group {
                #expect(isSame)
            }
        }
    }

    @Test func fusesNormalisationsActivationsAndShortcuts() throws {
        let layers = try OneDNNNetwork(NetworkCase.residualBlocks(images: 1).graph()).layers
        #expect(layers.map(\.operatorName).filter { ["BatchNormalization", "Relu", "Add"].contains($0) }.isEmpty)
        #expect(layers.filter(\.isFallback).isEmpty)
    }

    @Test(arguments: NetworkCase.selfGates) func fusesActivationsInParts(_ network: NetworkCase) throws {
        let layers = try OneDNNNetwork(network.graph()).layers
        #expect(Set(layers.map(\.operatorName)) == ["Conv"])
    }

    @Test func fusesInvertedResiduals() throws {
        let layers = try OneDNNNetwork(NetworkCase.invertedResiduals(images: 2).graph()).layers
        #expect(Set(layers.map(\.operatorName)) == ["Conv"])
        #expect(layers.filter(\.isFallback).isEmpty)
    }

    @Test(.enabled(if: InstructionSet.current.hasConvolutionKernels))
    func choosesTilesByShape() throws {
        for network in NetworkCase.winograd {
            guard let algorithm = network.algorithm else { continue }
            let layer = try #require(OneDNNNetwork(network.graph(), imagesAtOnce: .max).layers.first)
            #expect(layer.implementation?.hasPrefix(algorithm) == true, "\(network)")
            let exact = try #require(OneDNNNetwork(network.graph(), precision: .float32Exact).layers.first)
            #expect(exact.implementation?.hasPrefix("jit") == true)
        }
    }

    @Test(.enabled(if: InstructionSet.current.hasConvolutionKernels))
    func computesPointwiseAndStridedOnesDirectly() throws {
        for network in NetworkCase.direct {
            guard let algorithm = network.algorithm else { continue }
            let layer = try #require(OneDNNNetwork(network.graph()).layers.first)
            #expect(layer.implementation == algorithm)
        }
    }

    /// Threads share tiles, or output channels; and there may be more threads than work.
    @Test(arguments: NetworkCase.winograd + NetworkCase.direct)
    func givesTheSameBitsOnAnyNumberOfThreads(_ network: NetworkCase) throws {
        let graph = try network.graph()
        let inputs = seededInputs(of: graph)
        let expected = try OneDNNNetwork(graph).run(inputs)
        for threads in [2, 3, 7] {
            #expect(try OneDNNNetwork(graph, threads: threads).run(inputs) == expected, "\(threads) threads")
        }
    }

    /// The same where bfloat16 is multiplied, by matrices where the processor has them.
    @Test(.enabled(if: InstructionSet.current.hasBFloat16), arguments: NetworkCase.winograd + NetworkCase.direct)
    func givesTheSameBitsOfBFloat16OnAnyNumberOfThreads(_ network: NetworkCase) throws {
        let graph = try network.graph()
        let inputs = seededInputs(of: graph)
        let expected = try OneDNNNetwork(graph, precision: .bfloat16).run(inputs)
        for (name, tensor) in try ReferenceExecutor(graph).run(inputs) {
            #expect(try relativeDifference(#require(expected[name]), tensor) <= 0.05, "\(name)")
        }
        for threads in [2, 3, 7] {
            let found = try OneDNNNetwork(graph, precision: .bfloat16, threads: threads).run(inputs)
            #expect(found == expected, "\(threads) threads")
        }
    }

    @Test func joinsInPlace() throws {
        let layers = try OneDNNNetwork(NetworkCase.joinWithinABlock(images: 3).graph()).layers
        #expect(layers.first { $0.operatorName == "Concat" }?.implementation == "in place")
    }

    @Test func runsTinyNetworksOnOneThread() throws {
        let tiny = NetworkCase("tiny") { try $0.convolution($0.input([1, 1, 8, 8]), 4) }
        #expect(try OneDNNNetwork(tiny.graph(), threads: 2).threads == 1)
        let large = NetworkCase("large") { try $0.convolution($0.input([1, 64, 56, 56]), 64) }
        #expect(try OneDNNNetwork(large.graph(), threads: 2).threads == 2)
    }

    @Test func refusesWhatDoesNotFit() throws {
        let graph = try Self.network.graph()
        #expect(throws: EngineError.self) { try OneDNNNetwork(graph, inputShapes: ["input0": [1, 3, 8, 8]]) }
        #expect(throws: EngineError.self) { try OneDNNNetwork(graph, inputShapes: ["nothing": [1]]) }
    }

    @Test(arguments: NetworkCase.gelus) func recognisesGelusInParts(_ network: NetworkCase) throws {
        #expect(try OneDNNNetwork(network.graph()).layers.allSatisfy { !$0.isFallback })
    }

    @Test func takesLargeBatchesInGroups() throws {
        func network(images: Int, side: Int) throws -> OneDNNNetwork {
            var sketch = Sketch()
            let first = try sketch.relu(sketch.convolution(sketch.input([images, 16, side, side]), 32))
            let second = try sketch.relu(sketch.convolution(first, 16))
            return try OneDNNNetwork(sketch.graph(second))
        }
        let (one, eight) = try (network(images: 1, side: 128), network(images: 8, side: 128))
        #expect(eight.parts.first?.groups ?? 0 > 1)
        #expect(eight.arenaByteCount < 8 * one.arenaByteCount)
        #expect(eight.layers.map(\.outputShape) == [[8, 32, 128, 128], [8, 16, 128, 128]])
        #expect(eight.layers.map(\.operationCount) == one.layers.map { 8 * $0.operationCount })
    }

    /// What passes from part to part lies in blocks of channels, which it need not fill.
    @Test(arguments: [256, 250]) func takesSmallImagesWithManyWeightsAsOneBatch(channels: Int) throws {
        func graph(images: Int) throws -> Graph {
            var sketch = Sketch()
            var value = try sketch.relu(sketch.convolution(sketch.input([images, 16, 64, 64]), channels))
            value = try sketch.apply(MaxPooling(window: Window(kernelShape: [32, 32], strides: [32, 32])), value)
            for _ in 0..<2 { value = try sketch.relu(sketch.convolution(value, channels)) }
            return try sketch.graph(value)
        }
        let inputs = try seededInputs(of: graph(images: 8))
        let expected = try ReferenceExecutor(graph(images: 8)).run(inputs)
        for precision in [Precision.float32Exact, .float32, .bfloat16] {
            if precision == .bfloat16, !InstructionSet.current.hasBFloat16 { continue }
            let network = try OneDNNNetwork(graph(images: 8), precision: precision)
            try #require(network.parts.map { $0.groups > 1 } == [true, false])
            let found = try network.run(inputs)
            for (name, tensor) in expected {
                let difference = try relativeDifference(#require(found[name]), tensor)
                #expect(difference <= (precision == .bfloat16 ? 0.05 : 1e-4), "\(name), \(precision)")
            }
        }
    }

    /// Where the groups do not share out, threads share the layers of one after the other.
    @Test(arguments: zip([2, 3, 5], [2, 1, 1]))
    func givesThreadsImagesOfTheirOwn(threads: Int, lanes: Int) throws {
        var sketch = Sketch()
        let first = try sketch.relu(sketch.convolution(sketch.input([8, 16, 64, 64]), 32))
        let second = try sketch.relu(sketch.convolution(first, 16))
        let graph = try sketch.graph(second)
        let (alone, shared) = try (OneDNNNetwork(graph), OneDNNNetwork(graph, threads: threads))
        #expect(alone.parts.map(\.lanes) == [1])
        #expect(shared.parts.map(\.lanes) == [lanes])
        let inputs = seededInputs(of: graph)
        #expect(try shared.run(inputs) == alone.run(inputs))
    }

    @Test func keepsImagesTogetherThatDependOnOneAnother() throws {
        func rowMeans(_ sketch: inout Sketch, _ rows: String) throws -> String {
            let axes = sketch.constant(Tensor(shape: [1], [Int64(1)]))
            return try sketch.apply(Reduction(.mean, keepsDimensions: false), rows, axes)
        }
        let networks: [(inout Sketch, String) throws -> String] = [
            { try $0.apply(Softmax(axis: 0), $1) },
            { try $0.apply(Softmax(axis: -2), $1) },
            { try $0.apply(Gemm(transposeA: true), $1, $1) },
            { try $0.apply(MatrixMultiplication(), $1, $1) },
            { try $0.apply(Reduction(.mean, keepsDimensions: false), $1, $0.constant(Tensor(shape: [1], [Int64(0)]))) },
            { try $0.apply(BinaryElementwise(.add), $1, rowMeans(&$0, $1)) },
            { try $0.apply(Transpose(), $1) },
            {
                let planes = try $0.apply(Reshape(), $1, $0.constant(Tensor(shape: [3], [4, 2, 2] as [Int64])))
                return try $0.apply(MaxPooling(window: Window(kernelShape: [2]), reportsIndices: true), planes)
            },
        ]
        for (index, network) in networks.enumerated() {
            var sketch = Sketch()
            let result = try network(&sketch, sketch.input([4, 4]))
            #expect(try OneDNNNetwork(sketch.graph(result), imagesAtOnce: 1).parts.map(\.groups) == [1], "\(index)")
        }
        var apart = Sketch()
        let result = try apart.relu(apart.input([4, 4]))
        #expect(try OneDNNNetwork(apart.graph(result), imagesAtOnce: 1).parts.map(\.groups) == [4])
    }

    @Test(arguments: NetworkCase.convolutions + NetworkCase.joins + NetworkCase.architectures)
    func comesNearInBFloat16(_ network: NetworkCase) throws {
        let graph = try network.graph()
        guard InstructionSet.current.hasBFloat16 else {
            #expect(throws: EngineError.self) { try OneDNNNetwork(graph, precision: .bfloat16) }
            return
        }
        let inputs = seededInputs(of: graph)
        let expected = try ReferenceExecutor(graph).run(inputs)
        let found = try OneDNNNetwork(graph, precision: .bfloat16).run(inputs)
        for (name, tensor) in expected {
            let difference = try relativeDifference(#require(found[name]), tensor)
            #expect(difference <= 0.05, "\(name)")
        }
    }
}
