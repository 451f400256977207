import NeuralNetworks
import Testing

@testable import OneDNN

/// Networks of 8-bit integers, in the forms that quantisers write: the fast engine ends at most at the next integer.
@Suite struct QuantizationTests {
    struct Form: Sendable, CustomStringConvertible {
        let description: String
        /// Layers that are computed by the plain definition: what no quantiser writes between two layers.
        let fallbacks: Set<String>
        /// How many layers multiply integers at least, on processors that do.
        var integerLayers = 0
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
        Form(description: "a residual block", fallbacks: [], integerLayers: 4) {
            try $0.residualBlock(.uint8([3]), .uint8([0]))
        },
        Form(description: "a residual block of signed integers", fallbacks: [], integerLayers: 4) {
            try $0.residualBlock(.int8([-5]), .int8([-128]))
        },
        Form(description: "an encoder and a decoder", fallbacks: [], integerLayers: 4) {
            let x = $0.quantizedAndBack("x", scale: 2 / 255, zeroPoint: .uint8([128]))
            let skip = $0.convolution(
                x, $0.symmetricWeights([16, 3, 2, 2]), pads: [0, 0, 0, 0], scale: 0.0213, zeroPoint: .uint8([9]))
            let pool = Window(kernelShape: [2, 2], strides: [2, 2])
            let small = $0.quantizedAndBack(
                $0.add(MaxPooling(window: pool), [skip]), scale: 0.0213, zeroPoint: .uint8([9]))
            let inner = $0.convolution(
                small, $0.symmetricWeights([16, 16, 1, 1]), scale: 0.0307, zeroPoint: .uint8([120]))
            let up = ConvolutionTranspose(window: Window(strides: [2, 2]))
            let weights = $0.symmetricWeights([16, 8, 2, 2], axis: 1)
            let large = $0.quantizedAndBack($0.add(up, [inner, weights]), scale: 0.0241, zeroPoint: .uint8([100]))
            let joined = $0.add(Concatenation(axis: 1), [skip, large])
            let both = $0.quantizedAndBack(joined, scale: 0.0307, zeroPoint: .uint8([90]))
            $0.output(
                $0.convolution(both, $0.symmetricWeights([5, 24, 3, 3]), scale: 0.0213, zeroPoint: .uint8([77])),
                .float32
            )
        },
        Form(description: "parts of few channels, each on its grid", fallbacks: [], integerLayers: 4) {
            let x = $0.quantizedAndBack("x", scale: 2 / 255, zeroPoint: .uint8([128]))
            var parts: [String] = []
            for (channels, zero) in [(4, 111), (3, 131), (70, 140)] as [(Int, UInt8)] {
                parts.append(
                    $0.convolution(
                        x, $0.symmetricWeights([channels, 3, 1, 1]), pads: [0, 0, 0, 0], scale: 0.0213,
                        zeroPoint: .uint8([zero])))
            }
            let joined = $0.quantizedAndBack(
                $0.add(Concatenation(axis: 1), parts), scale: 0.0241, zeroPoint: .uint8([121]))
            $0.output(
                $0.convolution(
                    joined, $0.symmetricWeights([5, 77, 1, 1]), pads: [0, 0, 0, 0], scale: 0.0213,
                    zeroPoint: .uint8([77])),
                .float32)
        },
        Form(description: "rows", fallbacks: [], integerLayers: 2) {
            let x = $0.quantizedAndBack("x", scale: 2 / 255, zeroPoint: .int8([3]))
            let pooled = $0.add(MaxPooling(window: Window(kernelShape: [3, 3], strides: [3, 3])), [x])
            let row = $0.quantizedAndBack($0.add(Flatten(), [pooled]), scale: 2 / 255, zeroPoint: .int8([3]))
            let product = $0.add(Gemm(transposeB: true), [row, $0.symmetricWeights([40, 27])])
            let hidden = $0.quantizedAndBack(
                $0.add(UnaryElementwise(.relu), [product]), scale: 0.0117, zeroPoint: .uint8([0]))
            $0.output($0.add(MatrixMultiplication(), [hidden, $0.symmetricWeights([40, 7], axis: 1)]), .float32)
        },
        Form(description: "weights of one scale and an odd zero point", fallbacks: [], integerLayers: 1) {
            let x = $0.quantizedAndBack("x", scale: 2 / 255, zeroPoint: .uint8([131]))
            let weights = $0.add(
                Dequantization(),
                [
                    $0.constant(
                        Tensor(shape: [8, 3, 1, 1], storage: .uint8((0..<24).map { 110 + 5 * UInt8($0 % 9) }))),
                    $0.constant(Tensor(shape: [], [Float(0.05)])),
                    $0.constant(Tensor(shape: [], storage: .uint8([127]))),
                ])
            $0.output($0.convolution(x, weights, pads: [0, 0, 0, 0], scale: 0.0213, zeroPoint: .uint8([50])), .float32)
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
        // What the last integer of each form stands for, about.
        let quantum: Float = found.elementType == .float32 ? 0.0213 : 1
        #expect(zip(mine, right).allSatisfy { abs($0 - $1) <= 1.001 * quantum })
        #expect(zip(mine, right).filter { abs($0 - $1) > 0.001 * quantum }.count <= mine.count / 50)
        #expect(Set(right).count > 4)
        let fallbacks = network.layers.filter(\.isFallback).map(\.operatorName)
        #expect(Set(fallbacks).isSubset(of: form.fallbacks), "\(fallbacks)")
        if InstructionSet.current.hasIntegerProducts {
            #expect(network.layers.filter { $0.precision == "int8" }.count >= form.integerLayers)
        }
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

    /// Weights of `int8` without a zero point, with a scale for each position along `axis`.
    mutating func symmetricWeights(_ shape: Shape, axis: Int = 0) -> String {
        let integers = (0..<shape.elementCount).map { _ in Int8.random(in: -127...127, using: &random) }
        let scales = (0..<shape[axis]).map { _ in Float.random(in: 0.0007...0.0014, using: &random) }
        return add(
            Dequantization(axis: axis),
            [constant(Tensor(shape: shape, storage: .int8(integers))), constant(Tensor(shape: [shape[axis]], scales))])
    }

    /// A convolution with a bias that keeps the extents of the data where `pads` do, rounded to a grid.
    mutating func convolution(
        _ value: String, _ weights: String, groups: Int = 1, pads: [Int]? = nil, scale: Float, zeroPoint: Tensor.Storage
    ) -> String {
        let name = nodes.last { $0.outputs.contains(weights) }?.inputs.first ?? nil
        let extents = name.flatMap { initializers[$0]?.shape.dimensions } ?? []
        let pads = pads ?? extents.dropFirst(2).map { ($0 - 1) / 2 } + extents.dropFirst(2).map { $0 / 2 }
        let bias = constant(Tensor(shape: [extents[0]], (0..<extents[0]).map { 0.3 - 0.05 * Float($0 % 11) }))
        let sum = add(Convolution(window: Window(pads: pads), groups: groups), [value, weights, bias])
        return quantizedAndBack(sum, scale: scale, zeroPoint: zeroPoint)
    }

    /// A convolution and one beside it that are added, a depthwise one, and the sum of that with what it reads.
    mutating func residualBlock(_ zeroPoint: Tensor.Storage, _ least: Tensor.Storage) throws {
        let x = quantizedAndBack("x", scale: 2 / 255, zeroPoint: .uint8([128]))
        let left = convolution(x, symmetricWeights([24, 3, 3, 3]), scale: 0.0213, zeroPoint: zeroPoint)
        let right = convolution(x, symmetricWeights([24, 3, 1, 1]), scale: 0.0117, zeroPoint: zeroPoint)
        let sum = add(UnaryElementwise(.relu), [add(BinaryElementwise(.add), [left, right])])
        let y = quantizedAndBack(sum, scale: 0.0213, zeroPoint: least)
        let z = convolution(y, symmetricWeights([24, 1, 3, 3]), groups: 24, scale: 0.0117, zeroPoint: zeroPoint)
        let w = convolution(z, symmetricWeights([24, 24, 1, 1]), scale: 0.0149, zeroPoint: zeroPoint)
        output(quantizedAndBack(add(BinaryElementwise(.add), [w, y]), scale: 0.0213, zeroPoint: zeroPoint), .float32)
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
