/// Replaces slices of a tensor, or combines them with others.
///
/// Inputs: data of any type `[D1, ..., Dr]`; indices `[..., K]`, `int32` or `int64`, each row of which names a slice by
/// its first K coordinates, counted from the end where negative; updates `[..., DK+1, ..., Dr]` of the data's type.
/// Output: as the data. Where rows name one slice twice, the last one counts.
///
/// Source: ONNX operator ScatterND.
public struct ScatterND: Operator {
    /// What becomes of an element and its update.
    public enum Combination: Sendable, Hashable, CaseIterable {
        case replace, add, multiply, maximum, minimum
    }

    public var combination: Combination

    public init(_ combination: Combination = .replace) { self.combination = combination }

    public var name: String { "ScatterND" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws(OperatorError) -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let data = try arguments.type(0)
        guard combination == .replace || data.elementType != .bool else {
            throw invalid(.inputs, "cannot combine bool")
        }
        let indices = try arguments.type(1, of: [.int32, .int64], rank: 1...).shape
        let updates = try arguments.type(2, of: [data.elementType]).shape
        let coordinates = indices[indices.rank - 1]
        guard coordinates <= data.shape.rank,
            updates.dimensions == indices.dimensions.dropLast() + data.shape.dimensions.dropFirst(coordinates)
        else { throw invalid(.inputs, "cannot put \(updates) into \(data.shape) at \(indices)") }
        return [data]
    }

    public func evaluate(_ inputs: [Tensor?]) throws(OperatorError) -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let starts = try starts(inputs.tensor(1), in: shape)
        switch (inputs.tensor(0).storage, inputs.tensor(2).storage) {
        case (.float32(let data), .float32(let updates)):
            return [Tensor(shape: shape, scatter(data, updates, starts, combine))]
        case (.int32(let data), .int32(let updates)):
            return [Tensor(shape: shape, scatter(data, updates, starts, combine))]
        case (.int64(let data), .int64(let updates)):
            return [Tensor(shape: shape, scatter(data, updates, starts, combine))]
        case (.bool(let data), .bool(let updates)):
            return [Tensor(shape: shape, scatter(data, updates, starts) { $1 })]
        default: preconditionFailure("ScatterND accepted updates of another type than its data")
        }
    }

    /// The offset of each slice that a row of `indices` names.
    private func starts(_ indices: Tensor, in shape: Shape) throws(OperatorError) -> [Int] {
        guard let integers = indices.integers else { preconditionFailure("ScatterND accepted no integers") }
        let rank = indices.shape[indices.shape.rank - 1]
        let rows = indices.shape.dimensions.dropLast().reduce(1, *)
        let strides = shape.strides
        var starts: [Int] = []
        for row in 0..<rows {
            var start = 0
            for axis in 0..<rank {
                let index = integers[row * rank + axis]
                guard index >= -shape[axis], index < shape[axis] else {
                    throw invalid(.inputs, "writes element \(index) of \(shape[axis])")
                }
                start += (index < 0 ? index + shape[axis] : index) * strides[axis]
            }
            starts.append(start)
        }
        return starts
    }

    private func scatter<Element>(
        _ data: [Element], _ updates: [Element], _ starts: [Int], _ combine: (Element, Element) -> Element
    ) -> [Element] {
        var result = data
        let size = starts.isEmpty ? 0 : updates.count / starts.count
        for (row, start) in starts.enumerated() {
            for offset in 0..<size {
                result[start + offset] = combine(result[start + offset], updates[row * size + offset])
            }
        }
        return result
    }

    private func combine(_ element: Float, _ update: Float) -> Float {
        switch combination {
        case .replace: update
        case .add: element + update
        case .multiply: element * update
        case .maximum: max(element, update)
        case .minimum: min(element, update)
        }
    }

    private func combine<Element: FixedWidthInteger>(_ element: Element, _ update: Element) -> Element {
        switch combination {
        case .replace: update
        case .add: element &+ update
        case .multiply: element &* update
        case .maximum: max(element, update)
        case .minimum: min(element, update)
        }
    }
}
