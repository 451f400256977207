/// Rounds numbers to `uint8` by a scale of their own: the range of what there is, which 0 always belongs to.
///
/// Input: `float32` of any shape. Outputs: the integers, the scale and the zero point.
///
/// Source: ONNX operator DynamicQuantizeLinear. Where all numbers are 0, the scale is 1, as ONNX Runtime has it.
public struct DynamicQuantization: Operator {
    public init() {}

    public var name: String { "DynamicQuantizeLinear" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0)
        return [
            TensorType(elementType: .uint8, shape: data), TensorType(elementType: .float32, shape: []),
            TensorType(elementType: .uint8, shape: []),
        ]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        _ = try outputTypes(of: inputs)
        let data = inputs.floats(0)
        // What is not a number has no place among 8-bit integers: it makes the scale no number either.
        let isWhole = data.allSatisfy { !$0.isNaN }
        let least = min(data.min() ?? 0, 0)
        let most = max(data.max() ?? 0, 0)
        let scale = isWhole ? (most == least ? 1 : (most - least) / 255) : .nan
        let zero = (-least / scale).rounded(.toNearestOrEven)
        let zeroPoint = Tensor(shape: [], storage: .uint8([zero.isNaN ? 0 : UInt8(min(max(zero, 0), 255))]))
        let quantized = try Quantization().evaluate([
            inputs.tensor(0), Tensor(shape: [], [scale]), zeroPoint,
        ])
        return quantized + [Tensor(shape: [], [scale]), zeroPoint]
    }
}
