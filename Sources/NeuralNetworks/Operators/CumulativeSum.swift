/// The sum of all elements up to each one along an axis. Integers wrap around on overflow.
///
/// Inputs: data, `float32`, `int32` or `int64`, and the axis, one integer. Output: as the data.
///
/// Source: ONNX operator CumSum.
public struct CumulativeSum: Operator {
    /// Whether an element is part of its own sum.
    public enum Extent: Sendable, Hashable {
        case inclusive, exclusive
    }

    /// Where sums begin.
    public enum Direction: Sendable, Hashable {
        case forward, backward
    }

    public var extent: Extent
    public var direction: Direction

    public init(_ extent: Extent = .inclusive, direction: Direction = .forward) {
        self.extent = extent
        self.direction = direction
    }

    public var name: String { "CumSum" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0, of: [.float32, .int32, .int64])
        guard try arguments.type(1, of: [.int32, .int64]).shape.elementCount == 1 else {
            throw invalid(.inputs, "takes one axis")
        }
        return [data]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        guard let axis = inputs.tensor(1).integers?.first else { preconditionFailure("CumSum accepted no axis") }
        let planes = Planes(shape, channelAxis: try resolve(axis: axis, rank: shape.rank))
        switch inputs.tensor(0).storage {
        case .float32(let elements): return [Tensor(shape: shape, sums(elements, planes, from: 0, +))]
        case .int32(let elements): return [Tensor(shape: shape, sums(elements, planes, from: 0, &+))]
        case .int64(let elements): return [Tensor(shape: shape, sums(elements, planes, from: 0, &+))]
        case .bool, .uint8, .int8: preconditionFailure("CumSum accepted \(inputs.tensor(0).elementType)")
        }
    }

    private func sums<Element>(
        _ elements: [Element], _ planes: Planes, from zero: Element, _ add: (Element, Element) -> Element
    ) -> [Element] {
        var result = elements
        for image in 0..<planes.images {
            for column in 0..<planes.size {
                var sum = zero
                for step in 0..<planes.channels {
                    let position = direction == .forward ? step : planes.channels - 1 - step
                    let offset = (image * planes.channels + position) * planes.size + column
                    let next = add(sum, elements[offset])
                    result[offset] = extent == .inclusive ? next : sum
                    sum = next
                }
            }
        }
        return result
    }
}
