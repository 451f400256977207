/// The same elements under another shape.
///
/// Inputs: data of any type, and the shape as `int64`. One extent may be -1: it follows from the
/// others. An extent of 0 stands for the data's own along that axis, unless zeros are literal.
///
/// Source: ONNX operator Reshape.
public struct Reshape: Operator {
    public enum ZeroMeaning: Sendable, Hashable {
        case copiesExtent, literal
    }

    public var zeros: ZeroMeaning

    public init(zeros: ZeroMeaning = .copiesExtent) { self.zeros = zeros }

    public var name: String { "Reshape" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0)
        guard var extents = try arguments.integers(1) else { throw invalid(.inputs, "lacks a shape") }
        for (axis, extent) in extents.enumerated() where extent == 0 && zeros == .copiesExtent {
            guard axis < data.shape.rank else { throw invalid(.inputs, "copies axis \(axis) of \(data.shape)") }
            extents[axis] = data.shape[axis]
        }
        if let free = extents.firstIndex(of: -1) {
            extents[free] = 1
            let others = try shape(extents).elementCount
            guard others > 0, data.shape.elementCount % others == 0 else {
                throw invalid(.inputs, "cannot make \(extents) of \(data.shape)")
            }
            extents[free] = data.shape.elementCount / others
        }
        let output = try shape(extents)
        guard output.elementCount == data.shape.elementCount else {
            throw invalid(.inputs, "cannot make \(output) of \(data.shape)")
        }
        return [TensorType(elementType: data.elementType, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        [inputs.tensor(0).reshaped(to: try outputShape(of: inputs))]
    }
}
