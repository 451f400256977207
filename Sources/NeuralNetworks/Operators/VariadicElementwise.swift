/// A function of any number of tensors, element by element, broadcast to a common shape.
///
/// Inputs: at least one; `float32`, or for the extrema `int32` or `int64` too.
///
/// Source: ONNX operators Sum, Mean, Max, Min.
public struct VariadicElementwise: Operator {
    public enum Function: Sendable, Hashable, CaseIterable {
        case sum, mean, maximum, minimum
    }

    public var function: Function

    public init(_ function: Function) { self.function = function }

    public var name: String {
        switch function {
        case .sum: "Sum"
        case .mean: "Mean"
        case .maximum: "Max"
        case .minimum: "Min"
        }
    }

    public var accuracy: AccuracyClass {
        switch function {
        case .sum, .mean: .elementwise
        case .maximum, .minimum: .exact
        }
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let common = try broadcastType(Arguments(inputs, of: self, count: 1...).types())
        let takesIntegers = function == .maximum || function == .minimum
        let taken: [ElementType] = takesIntegers ? [.float32, .int32, .int64] : [.float32]
        guard taken.contains(common.elementType) else {
            throw invalid(.inputs, "does not take \(common.elementType)")
        }
        return [common]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let count = Float(inputs.count)
        var result = inputs.tensor(0)
        for index in inputs.indices.dropFirst() { result = combine(result, inputs.tensor(index)) }
        if function == .mean, let sums = result.floats {
            result = Tensor(shape: result.shape, sums.map { $0 / count })
        }
        return [
            result.shape == shape ? result : result.gathering(result.shape.offsets(broadcastTo: shape), shape: shape)
        ]
    }

    private func combine(_ left: Tensor, _ right: Tensor) -> Tensor {
        guard let shape = left.shape.broadcast(with: right.shape) else {
            preconditionFailure("\(name) accepted \(left.shape) and \(right.shape)")
        }
        switch (left.storage, right.storage) {
        case (.float32(let lhs), .float32(let rhs)):
            let elements = broadcast(lhs, left.shape, rhs, right.shape, to: shape) {
                switch function {
                case .sum, .mean: $0 + $1
                case .maximum: $0.isNaN || $0 > $1 ? $0 : $1
                case .minimum: $0.isNaN || $0 < $1 ? $0 : $1
                }
            }
            return Tensor(shape: shape, elements)
        case (.int32(let lhs), .int32(let rhs)):
            return Tensor(shape: shape, broadcast(lhs, left.shape, rhs, right.shape, to: shape, extremum))
        case (.int64(let lhs), .int64(let rhs)):
            return Tensor(shape: shape, broadcast(lhs, left.shape, rhs, right.shape, to: shape, extremum))
        default: preconditionFailure("\(name) accepted \(left.elementType) and \(right.elementType)")
        }
    }

    private func extremum<Element: Comparable>(_ lhs: Element, _ rhs: Element) -> Element {
        function == .maximum ? max(lhs, rhs) : min(lhs, rhs)
    }
}
