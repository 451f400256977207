/// The upper or lower triangle of matrices; the rest becomes zero.
///
/// Inputs: data of any type `[..., M, N]` and optionally the number of the diagonal that bounds the triangle, `int64`:
/// 0 is the main one, positive ones lie above it. Output: as the data.
///
/// Source: ONNX operator Trilu.
public struct TriangularPart: Operator {
    public enum Side: Sendable, Hashable {
        case upper, lower
    }

    public var side: Side

    public init(_ side: Side = .upper) { self.side = side }

    public var name: String { "Trilu" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 1...2)
        if arguments.optionalType(1) != nil {
            guard try arguments.type(1, of: [.int64]).shape.elementCount == 1 else {
                throw invalid(.inputs, "takes one diagonal")
            }
        }
        return [try arguments.type(0, of: ElementType.allCases, rank: 2...)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let diagonal = inputs.count > 1 ? inputs[1]?.integers?.first ?? 0 : 0
        let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
        let offsets = (0..<shape.elementCount).lazy.map { offset -> Int? in
            let distance = offset % columns - offset / columns % rows
            return (side == .upper ? distance >= diagonal : distance <= diagonal) ? offset : nil
        }
        let zero = Tensor(shape: [1], [Float(0)]).converted(to: data.elementType)
        return [data.gathering(offsets, fill: zero, shape: shape)]
    }
}
