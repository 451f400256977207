/// An operator with a chain rule: what learning goes back through.
///
/// The forward side of each is in `Operators`, the backward side in the file `TYPE+Gradient.swift` here.
public protocol DifferentiableOperator: Operator {
    /// The inputs that are learned where they are constants of the graph: weights and biases, but not limits, shapes or
    /// running statistics.
    var learnedInputs: Range<Int> { get }

    /// The gradients of a number with regard to the inputs, from its gradient with regard to the first output.
    ///
    /// - Parameters:
    ///   - inputs: as ``Operator/evaluate(_:)`` took them.
    ///   - output: the first of what it gave for them.
    ///   - gradient: of the output's shape.
    /// - Returns: for each input a tensor of its shape; nil for one that is not differentiated: integers, shapes, limits,
    ///   running statistics.
    func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?]
}

extension DifferentiableOperator {
    public var learnedInputs: Range<Int> { 0..<0 }
}

extension Tensor {
    /// The elements of what is known to be `float32`.
    var elements: [Float] {
        guard let floats else { preconditionFailure("a gradient of \(elementType)") }
        return floats
    }

    /// The gradient with regard to something of `target` that was broadcast to this tensor's shape: the sum over its copies.
    func summed(to target: Shape) -> Tensor {
        guard shape != target else { return self }
        var sums = [Float](repeating: 0, count: target.elementCount)
        for (element, offset) in zip(elements, target.offsets(broadcastTo: shape)) { sums[offset] += element }
        return Tensor(shape: target, sums)
    }

    /// The elements of two tensors of one shape, brought together one by one.
    func combined(with other: Tensor, _ body: (Float, Float) -> Float) -> Tensor {
        precondition(shape == other.shape, "\(shape) and \(other.shape) are combined")
        return Tensor(shape: shape, zip(elements, other.elements).map(body))
    }

    /// For each channel (axis 1) the sum of its elements: `[C]`.
    func channelSums() -> Tensor {
        let planes = Planes(shape, channelAxis: 1)
        let elements = elements
        return Tensor(
            shape: [planes.channels],
            (0..<planes.channels).map { channel in
                var sum: Float = 0
                planes.forEachOffset(of: channel) { sum += elements[$0] }
                return sum
            })
    }
}
