/// The mean or maximum of each channel over all spatial axes.
///
/// Input: `[N, C, D1, D2, ...]` `float32`. Output: `[N, C, 1, 1, ...]`.
///
/// Source: ONNX operators GlobalAveragePool and GlobalMaxPool.
public struct GlobalPooling: Operator {
    public enum Kind: Sendable, Hashable, CaseIterable {
        case average, maximum
    }

    public var kind: Kind

    public init(_ kind: Kind) { self.kind = kind }

    public var name: String {
        switch kind {
        case .average: "GlobalAveragePool"
        case .maximum: "GlobalMaxPool"
        }
    }

    public var accuracy: AccuracyClass { kind == .average ? .accumulating : .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 2...)
        let output = try shape([data[0], data[1]] + [Int](repeating: 1, count: data.rank - 2))
        return [TensorType(elementType: .float32, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let data = inputs.floats(0)
        let plane = output.elementCount == 0 ? 0 : data.count / output.elementCount
        let pooled: [Float] = (0..<output.elementCount).map { index in
            let elements = data[index * plane..<(index + 1) * plane]
            switch kind {
            case .average: return elements.reduce(0, +) / Float(plane)
            case .maximum: return elements.reduce(-.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
            }
        }
        return [Tensor(shape: output, pooled)]
    }
}
