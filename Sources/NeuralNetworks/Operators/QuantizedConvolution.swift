/// A convolution of quantised numbers that gives quantised numbers.
///
/// Inputs: data `[N, C, D1, ...]`, its scale and zero point; weights `[M, C / groups, K1, ...]`, their scale and zero point,
/// one number or `[M]`; scale and zero point of the output; and optionally a bias `[M]`, `int32`, whose scale is that of
/// data times that of weights. Data, weights and output are `uint8` or `int8`, each as its zero point. Output:
/// `[N, M, O1, ...]`.
///
/// Source: ONNX operator QLinearConv.
public struct QuantizedConvolution: Operator {
    public var window: Window
    public var groups: Int

    public init(window: Window = Window(), groups: Int = 1) {
        self.window = window
        self.groups = groups
    }

    public var name: String { "QLinearConv" }
    /// Another order of roundings may end at the next integer.
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 8...9)
        let (data, weights) = (
            try arguments.type(0, of: [.uint8, .int8], rank: 3...),
            try arguments.type(3, of: [.uint8, .int8], rank: 3...)
        )
        _ = try oneNumber(arguments, 1, of: [.float32])
        _ = try oneNumber(arguments, 2, of: [data.elementType])
        let scales = try arguments.float32(4, rank: 0...1)
        guard scales.elementCount == 1 || scales == [weights.shape[0]] else {
            throw invalid(.inputs, "has \(scales) scales for weights \(weights)")
        }
        try checkZeroPoints(arguments, 5, of: weights) { $0.perChannel(of: weights.shape) }
        _ = try oneNumber(arguments, 6, of: [.float32])
        let type = try oneNumber(arguments, 7, of: [.uint8, .int8])
        if arguments.optionalType(8) != nil {
            guard try arguments.type(8, of: [.int32]).shape == [weights.shape[0]] else {
                throw invalid(.inputs, "has a bias that does not fit weights \(weights)")
            }
        }
        return [TensorType(elementType: type, shape: try sum.outputShape(data: data.shape, weights: weights.shape))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let type = try outputTypes(of: inputs)[0]
        let (data, weights, output) = (inputs.tensor(0).shape, inputs.tensor(3).shape, type.shape)
        var sums = try sum.sums(
            inputs.levels(0, less: 2, of: [1]), data,
            inputs.levels(3, less: 5, of: inputs.shape(5)?.perChannel(of: weights) ?? []), weights, output)
        let pixels = output.dimensions.dropFirst(2).reduce(1, *)
        if inputs.count > 8, let bias = inputs[8]?.int32s {
            for index in sums.indices { sums[index] &+= bias[index / pixels % output[1]] }
        }
        let (source, result) = (inputs.floats(1)[0], inputs.floats(6)[0])
        let scales = inputs.floats(4).map { source * $0 / result }
        return [
            .quantized(sums, type, zeroPoint: inputs.tensor(7).int32s[0]) {
                scales.count == 1 ? scales[0] : scales[$0 / pixels % output[1]]
            }
        ]
    }

    private var sum: IntegerConvolution { IntegerConvolution(window: window, groups: groups) }
}
