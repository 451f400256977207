// Operators that only move elements: the gradient goes back where each came from.

/// An operator whose output has its first input's elements in the same order, all of them.
public protocol ElementKeepingOperator: DifferentiableOperator {}

extension ElementKeepingOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] { [gradient.reshaped(to: inputs.tensor(0).shape)] }
}

extension Identity: ElementKeepingOperator {}
extension Flatten: ElementKeepingOperator {}
extension Reshape: ElementKeepingOperator {}
extension Squeeze: ElementKeepingOperator {}
extension Unsqueeze: ElementKeepingOperator {}
/// The identity that it is; in training a ``TrainingGraph`` has a product with a mask in its place.
extension Dropout: ElementKeepingOperator {}

extension Transpose: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let order = try order(rank: output.shape.rank)
        return [gradient.transposed(order.indices.map { axis in order.firstIndex(of: axis) ?? axis })]
    }
}

extension Concatenation: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let axis = try resolve(axis: axis, rank: output.shape.rank)
        let strides = output.shape.strides
        var start = 0
        return inputs.indices.map { index in
            let part = inputs.tensor(index).shape
            defer { start += part[axis] }
            return gradient.gathering(
                StridedOffsets(extents: part.dimensions, strides: strides, start: start * strides[axis]), shape: part)
        }
    }
}

extension Slice: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let data = inputs.tensor(0)
        let cuts = try cuts(for: inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } })
        var result = [Float](repeating: 0, count: data.shape.elementCount)
        for (offset, share) in zip(offsets(of: cuts, in: data.shape), gradient.elements) { result[offset] = share }
        return [Tensor(shape: data.shape, result)]
    }
}

extension Padding: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let data = inputs.tensor(0)
        var result = [Float](repeating: 0, count: data.shape.elementCount)
        for (offset, share) in zip(try offsets(of: inputs, output: output.shape), gradient.elements) {
            if let offset { result[offset] += share }
        }
        return [Tensor(shape: data.shape, result)]
    }
}
