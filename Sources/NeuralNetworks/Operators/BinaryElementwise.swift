import Glibc

/// A function of two numbers, applied to the elements of two tensors that are broadcast to a common shape.
///
/// Inputs: two tensors of one type, `float32`, `int32` or `int64`. Integers wrap around on overflow.
///
/// Source: the ONNX operators of the functions' names.
public struct BinaryElementwise: Operator {
    public enum Function: Sendable, Hashable, CaseIterable {
        case add, subtract, multiply, divide, power
        /// The remainder, with the divisor's sign.
        case modulo
        /// The remainder, with the dividend's sign, as C's `fmod`.
        case remainder
    }

    public var function: Function

    public init(_ function: Function) { self.function = function }

    public var name: String {
        switch function {
        case .add: "Add"
        case .subtract: "Sub"
        case .multiply: "Mul"
        case .divide: "Div"
        case .power: "Pow"
        case .modulo, .remainder: "Mod"
        }
    }

    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let numbers: [ElementType] = [.float32, .int32, .int64]
        let base = try arguments.type(0, of: numbers)
        let other = try arguments.type(1, of: numbers)
        // Pow alone takes an exponent of another type.
        let elementType = function == .power ? base.elementType : other.elementType
        return [try broadcastType([base, TensorType(elementType: elementType, shape: other.shape)])]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let left = inputs.tensor(0)
        let right = function == .power ? inputs.tensor(1).converted(to: left.elementType) : inputs.tensor(1)
        switch (left.storage, right.storage) {
        case (.float32(let lhs), .float32(let rhs)):
            return [Tensor(shape: shape, broadcast(lhs, left.shape, rhs, right.shape, to: shape, floatFunction))]
        case (.int32(let lhs), .int32(let rhs)):
            return [Tensor(shape: shape, try broadcast(lhs, left.shape, rhs, right.shape, to: shape, integer))]
        case (.int64(let lhs), .int64(let rhs)):
            return [Tensor(shape: shape, try broadcast(lhs, left.shape, rhs, right.shape, to: shape, integer))]
        default: preconditionFailure("\(name) accepted \(left.elementType) and \(right.elementType)")
        }
    }

    private var floatFunction: (Float, Float) -> Float {
        switch function {
        case .add: { $0 + $1 }
        case .subtract: { $0 - $1 }
        case .multiply: { $0 * $1 }
        case .divide: { $0 / $1 }
        case .power: { pow($0, $1) }
        case .modulo: { $0 - ($0 / $1).rounded(.down) * $1 }
        case .remainder: { fmod($0, $1) }
        }
    }

    private func integer<Element: FixedWidthInteger & SignedInteger>(
        _ lhs: Element, _ rhs: Element
    ) throws -> Element {
        switch function {
        case .add: return lhs &+ rhs
        case .subtract: return lhs &- rhs
        case .multiply: return lhs &* rhs
        case .power: return Self.power(lhs, rhs)
        case .divide, .modulo, .remainder:
            guard rhs != 0 else { throw invalid(.inputs, "divides an integer by zero") }
            if function == .divide { return lhs.dividedReportingOverflow(by: rhs).partialValue }
            let remainder = lhs.remainderReportingOverflow(dividingBy: rhs).partialValue
            let adjusts = function == .modulo && remainder != 0 && (remainder < 0) != (rhs < 0)
            return adjusts ? remainder + rhs : remainder
        }
    }

    /// By repeated squaring; 0 where the true value is a fraction.
    private static func power<Element: FixedWidthInteger & SignedInteger>(_ base: Element, _ exponent: Element)
        -> Element
    {
        guard exponent >= 0 else { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
        var (result, square, remaining) = (Element(1), base, exponent)
        while remaining > 0 {
            if remaining & 1 == 1 { result = result &* square }
            square = square &* square
            remaining >>= 1
        }
        return result
    }
}
