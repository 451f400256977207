import NeuralNetworks
import Testing

@testable import OneDNN

/// Holds the compiled execution against the plain one.
@Suite struct ExecutionTests {
    @Test(arguments: NetworkCase.all, [Precision.float32, .float32Exact])
    func agreesWithReference(_ network: NetworkCase, _ precision: Precision) throws {
        let graph = try network.graph()
        let inputs = seededInputs(of: graph)
        let expected = try ReferenceExecutor(graph).run(inputs)
        let found = try OneDNNNetwork(graph, precision: precision).run(inputs)
        #expect(found.keys == expected.keys)
        for (name, tensor) in expected {
            let difference = try relativeDifference(#require(found[name]), tensor)
            #expect(difference <= (precision == .float32 ? 2e-3 : 1e-4), "\(name)")
        }
    }

    /// Means of row-major planes, by kernels of our own.
    @Test(arguments: [(2, 2), (4, 4), (3, 2), (5, 1)]) func plainMeansAreThoseOfTheDefinitionToTheBit(
        kernel: Int, stride: Int
    ) throws {
        var sketch = Sketch()
        let pooling = AveragePooling(window: Window(kernelShape: [kernel, kernel], strides: [stride, stride]))
        let means = try sketch.apply(pooling, sketch.input([2, 3, 21, 34]))
        let graph = try sketch.graph(means)
        let inputs = seededInputs(of: graph)
        let network = try OneDNNNetwork(graph, precision: .float32)
        #expect(network.layers.map(\.implementation) == ["plain rows"])
        #expect(try network.run(inputs) == ReferenceExecutor(graph).run(inputs))
    }

    /// Images go through one after another only where that changes nothing.
    @Test(arguments: NetworkCase.all)
    func agreesImageByImage(_ network: NetworkCase) throws {
        let graph = try network.graph()
        let inputs = seededInputs(of: graph)
        let expected = try OneDNNNetwork(graph, precision: .float32Exact).run(inputs)
        let found = try OneDNNNetwork(graph, precision: .float32Exact, imagesAtOnce: 1).run(inputs)
        for (name, tensor) in expected {
            #expect(try relativeDifference(#require(found[name]), tensor) <= 1e-5, "\(name)")
        }
    }
}

/// Inputs of every port, the same on every run.
func seededInputs(of graph: Graph, seed: UInt64 = 7) -> [String: Tensor] {
    var random = SplitMix64(seed: seed)
    var inputs: [String: Tensor] = [:]
    for port in graph.inputs {
        let extents = port.dimensions.map { if case .fixed(let extent) = $0 { extent } else { 1 } }
        inputs[port.name] = random.tensor(Shape(extents))
    }
    return inputs
}

/// The largest difference, relative to the largest magnitude of `expected`.
func relativeDifference(_ found: Tensor, _ expected: Tensor) throws -> Float {
    try #require(found.type == expected.type)
    let (found, expected) = try (#require(found.floats), #require(expected.floats))
    let largest = expected.reduce(0) { max($0, abs($1)) }
    let difference = zip(found, expected).reduce(Float(0)) {
        let step = abs($1.0 - $1.1)
        return step.isNaN ? .infinity : max($0, step)
    }
    return largest == 0 ? difference : difference / largest
}
