import NeuralNetworks
import Testing

@testable import OneDNN

/// Networks of 8-bit integers, in the forms that quantisers write: the fast engine ends at most at the next integer.
@Suite struct QuantizationTests {
    struct Form: Sendable, CustomStringConvertible {
        let description: String
        /// Layers that are computed by the plain definition: what no quantiser writes between two layers.
        let fallbacks: Set<String>
        let draw: @Sendable (inout QuantizedSketch) throws -> Void
    }

    static let forms: [Form] = [
        Form(description: "QuantizeLinear and DequantizeLinear", fallbacks: []) {
            let x = $0.quantizedAndBack("x", scale: 2 / 255, zeroPoint: .uint8([128]))
            let sum = $0.add(Convolution(), [x, $0.dequantizedWeights([24, 3, 3, 3])])
            let y = $0.quantizedAndBack($0.add(UnaryElementwise(.relu), [sum]), scale: 0.02, zeroPoint: .int8([-128]))
            let pooled = $0.add(MaxPooling(window: Window(kernelShape: [2, 2], strides: [2, 2])), [y])
            $0.output($0.quantizedAndBack(pooled, scale: 0.02, zeroPoint: .int8([-128])), .float32)
        },
        Form(description: "QLinearConv and QLinearMatMul", fallbacks: ["QuantizeLinear", "DequantizeLinear"]) {
            let scale = $0.constant(Tensor(shape: [], [Float(0.03)]))
            let zero = $0.constant(Tensor(shape: [], storage: .uint8([120])))
            let x = $0.add(Quantization(), ["x", $0.constant(Tensor(shape: [], [Float(2) / 255])), zero])
            let y = $0.add(
                QuantizedConvolution(window: Window(pads: [1, 1, 1, 1])),
                [x, $0.constant(Tensor(shape: [], [Float(2) / 255])), zero] + $0.weights([16, 3, 3, 3])
                    + [scale, zero, $0.constant(Tensor(shape: [16], (0..<16).map { Int32(40 * $0 - 300) }))])
            let z = $0.add(
                QuantizedMatrixMultiplication(), [y, scale, zero] + $0.weights([9, 5], columns: true) + [scale, zero])
            $0.output(z, .uint8)
        },
        Form(
            description: "integers that are summed",
            fallbacks: ["DynamicQuantizeLinear", "ConvInteger", "MatMulInteger", "Cast", "Mul", "DequantizeLinear"]
        ) {
            let (x, scale, zero) = $0.dynamicallyQuantized("x")
            let weights = $0.weights([8, 3, 2, 2])
            let sums = $0.add(IntegerConvolution(), [x, weights[0], zero, weights[2]])
            let y = $0.add(BinaryElementwise(.multiply), [$0.add(Conversion(to: .float32), [sums]), scale])
            let (z, _, zeroOfZ) = $0.dynamicallyQuantized(y)
            let right = $0.weights([8, 4], columns: true)
            $0.output($0.add(IntegerMatrixMultiplication(), [z, right[0], zeroOfZ, right[2]]), .int32)
        },
    ]

    @Test(arguments: forms) func endsAtMostAtTheNextInteger(_ form: Form) throws {
        var sketch = QuantizedSketch()
        try form.draw(&sketch)
        let graph = try sketch.graph()
        let inputs = seededInputs(of: graph)
        let expected = try #require(ReferenceExecutor(graph).run(inputs)["out"])
        let network = try OneDNNNetwork(graph)
        let found = try #require(network.run(inputs)["out"])
        #expect(found.type == expected.type)
        let (mine, right) = (found.converted(to: .float32).floats ?? [], expected.converted(to: .float32).floats ?? [])
        // What the last integer of each form stands for.
        let quantum: Float = found.elementType == .float32 ? 0.02 : 1
        #expect(zip(mine, right).allSatisfy { abs($0 - $1) <= 1.001 * quantum })
        #expect(zip(mine, right).filter { abs($0 - $1) > 0.001 * quantum }.count <= mine.count / 50)
        #expect(Set(right).count > 4)
        let fallbacks = network.layers.filter(\.isFallback).map(\.operatorName)
        #expect(Set(fallbacks).isSubset(of: form.fallbacks), "\(fallbacks)")
    }

    /// Numbers beyond the range, infinities, and halves, which are rounded to the even integer.
    @Test func roundsAsDefined() throws {
        let numbers: [Float] = [-.infinity, -900, -1.25, -0.75, -0.25, 0, 0.25, 0.75, 1.25, 1.75, 900, .infinity]
        for zeroPoint in [Tensor.Storage.uint8([0]), .uint8([128]), .uint8([255]), .int8([0]), .int8([-128])] {
            var sketch = QuantizedSketch(shape: [1, numbers.count])
            sketch.output(sketch.quantizedAndBack("x", scale: 0.5, zeroPoint: zeroPoint), .float32)
            let graph = try sketch.graph()
            let inputs = ["x": Tensor(shape: [1, numbers.count], numbers)]
            #expect(try OneDNNNetwork(graph).run(inputs) == ReferenceExecutor(graph).run(inputs))
        }
    }
}

/// Draws networks of quantised values.
struct QuantizedSketch {
    private let shape: Shape
    private var nodes: [Graph.Node] = []
    private var initializers: [String: Tensor] = [:]
    private var outputs: [Graph.Port] = []
    private var random = SplitMix64(seed: 3)

    /// - Parameter shape: of the input, `x`.
    init(shape: Shape = [2, 3, 9, 9]) { self.shape = shape }

    mutating func constant(_ tensor: Tensor) -> String {
        let name = "constant\(initializers.count)"
        initializers[name] = tensor
        return name
    }

    mutating func add(_ operation: any Operator, _ inputs: [String]) -> String {
        let name = "\(operation.name)\(nodes.count)"
        nodes.append(Graph.Node(name: name, operation: operation, inputs: inputs, outputs: [name]))
        return name
    }

    mutating func dynamicallyQuantized(_ value: String) -> (integers: String, scale: String, zeroPoint: String) {
        let name = add(DynamicQuantization(), [value])
        nodes[nodes.count - 1].outputs = [name, "\(name)/scale", "\(name)/zero"]
        return (name, "\(name)/scale", "\(name)/zero")
    }

    mutating func quantizedAndBack(_ value: String, scale: Float, zeroPoint: Tensor.Storage) -> String {
        let scale = constant(Tensor(shape: [], [scale]))
        let zero = constant(Tensor(shape: [], storage: zeroPoint))
        return add(Dequantization(), [add(Quantization(), [value, scale, zero]), scale, zero])
    }

    /// Weights of `int8`, and a scale and a zero point for each output channel, or for each column.
    mutating func weights(_ shape: Shape, columns: Bool = false) -> [String] {
        let channels = shape[columns ? 1 : 0]
        let integers = (0..<shape.elementCount).map { _ in Int8.random(in: -128...127, using: &random) }
        let scales = (0..<channels).map { _ in Float.random(in: 0.001...0.003, using: &random) }
        return [
            constant(Tensor(shape: shape, storage: .int8(integers))), constant(Tensor(shape: [channels], scales)),
            constant(Tensor(shape: [channels], storage: .int8([Int8](repeating: 3, count: channels)))),
        ]
    }

    mutating func dequantizedWeights(_ shape: Shape) -> String { add(Dequantization(axis: 0), weights(shape)) }

    mutating func output(_ value: String, _ type: ElementType) {
        nodes[nodes.count - 1].outputs[0] = "out"
        outputs = [Graph.Port(name: "out", elementType: type, dimensions: [])]
    }

    func graph() throws -> Graph {
        let input = Graph.Port(name: "x", elementType: .float32, dimensions: shape.dimensions.map { .fixed($0) })
        return try Graph(name: "quantised", inputs: [input], outputs: outputs, initializers: initializers, nodes: nodes)
    }
}
