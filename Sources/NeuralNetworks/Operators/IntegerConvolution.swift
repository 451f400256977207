/// A convolution of 8-bit integers less their zero points, summed in 32 bits.
///
/// Inputs: data `[N, C, D1, ...]` and weights `[M, C / groups, K1, ...]`, each `uint8` or `int8`; optionally the data's zero
/// point, one number, and the weights', one number or `[M]`. Output: `[N, M, O1, ...]`, `int32`.
///
/// Source: ONNX operator ConvInteger.
public struct IntegerConvolution: Operator {
    public var window: Window
    public var groups: Int

    public init(window: Window = Window(), groups: Int = 1) {
        self.window = window
        self.groups = groups
    }

    public var name: String { "ConvInteger" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...4)
        let (data, weights) = (
            try arguments.type(0, of: [.uint8, .int8], rank: 3...),
            try arguments.type(1, of: [.uint8, .int8], rank: 3...)
        )
        if arguments.optionalType(2) != nil { _ = try oneNumber(arguments, 2, of: [data.elementType]) }
        try checkZeroPoints(arguments, 3, of: weights) { $0.perChannel(of: weights.shape) }
        let output = try outputShape(data: data.shape, weights: weights.shape)
        return [TensorType(elementType: .int32, shape: output)]
    }

    /// As that of the same convolution of `float32`.
    func outputShape(data: Shape, weights: Shape) throws -> Shape {
        let floats = [data, weights].map { KnownValue(type: TensorType(elementType: .float32, shape: $0)) }
        return try Convolution(window: window, groups: groups).outputTypes(for: floats)[0].shape
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (data, weights) = (inputs.tensor(0).shape, inputs.tensor(1).shape)
        let sums = try sums(
            inputs.levels(0, less: 2, of: [1]), data,
            inputs.levels(1, less: 3, of: inputs.shape(3)?.perChannel(of: weights) ?? []), weights, output)
        return [Tensor(shape: output, sums)]
    }

    func sums(
        _ data: [Int32], _ dataShape: Shape, _ filters: [Int32], _ weights: Shape, _ output: Shape
    ) throws -> [Int32] {
        let geometry = try Convolution(window: window).geometry(data: dataShape, weights: weights)
        var sums = [Int32](repeating: 0, count: output.elementCount)
        let taps = geometry.kernelShape.reduce(1, *)
        let stride = geometry.strides[geometry.rank - 1]
        for (tap, position) in geometry.kernelPositions.enumerated() {
            let rows = geometry.rows(at: position)
            for plane in 0..<output[0] * output[1] {
                let (image, channel) = plane.quotientAndRemainder(dividingBy: output[1])
                let group = image * groups + channel / (output[1] / groups)
                for inputChannel in 0..<weights[1] {
                    let source = (group * weights[1] + inputChannel) * geometry.inputCount
                    let weight = filters[(channel * weights[1] + inputChannel) * taps + tap]
                    for row in rows {
                        let (first, read) = (plane * geometry.outputCount + row.output, source + row.input)
                        for column in 0..<row.count { sums[first + column] &+= weight &* data[read + column * stride] }
                    }
                }
            }
        }
        return sums
    }
}

extension Shape {
    /// Numbers for the output channels, as they are broadcast to weights `[M, C, K1, ...]`.
    func perChannel(of weights: Shape) -> Shape {
        rank == 1 && self != [1] ? Shape([self[0]] + weights.dimensions.dropFirst().map { _ in 1 }) : self
    }
}
