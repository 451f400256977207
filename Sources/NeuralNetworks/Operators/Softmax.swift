import Glibc

/// Turns numbers along an axis into probabilities that sum to 1, or into their logarithms.
///
/// Input and output: `float32` of any shape. The largest number is subtracted first, so that nothing overflows.
///
/// Source: ONNX operators Softmax and LogSoftmax.
public struct Softmax: Operator {
    public enum Kind: Sendable, Hashable {
        case probabilities, logarithms
    }

    /// What the numbers are normalised over.
    public enum Extent: Sendable, Hashable {
        /// The axis alone.
        case axis
        /// The axis and all after it, as ONNX had it before opset 13.
        case axisAndFollowing
    }

    public var kind: Kind
    /// Counted from the end where negative.
    public var axis: Int
    public var extent: Extent

    public init(_ kind: Kind = .probabilities, axis: Int = -1, extent: Extent = .axis) {
        self.kind = kind
        self.axis = axis
        self.extent = extent
    }

    public var name: String { kind == .probabilities ? "Softmax" : "LogSoftmax" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 1...)
        _ = try resolve(axis: axis, rank: data.rank)
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        var data = inputs.floats(0)
        try forEachGroup(of: shape) { offsets in
            let largest = offsets.reduce(-Float.infinity) { max($0, data[$1]) }
            let sum = offsets.reduce(Float(0)) { $0 + exp(data[$1] - largest) }
            for offset in offsets {
                let shifted = data[offset] - largest
                data[offset] = kind == .probabilities ? exp(shifted) / sum : shifted - log(sum)
            }
        }
        return [Tensor(shape: shape, data)]
    }

    /// Calls `body` with the offsets of the elements that are normalised together.
    func forEachGroup(of shape: Shape, _ body: (StrideTo<Int>) -> Void) throws {
        guard shape.elementCount > 0 else { return }
        let axis = try resolve(axis: axis, rank: shape.rank)
        let trailing = shape.dimensions[axis...].reduce(1, *)
        let stride = extent == .axis ? shape.strides[axis] : 1
        let count = extent == .axis ? shape[axis] : trailing
        for start in Swift.stride(from: 0, to: shape.elementCount, by: trailing) {
            for column in 0..<stride {
                body(Swift.stride(from: start + column, to: start + column + count * stride, by: stride))
            }
        }
    }
}
