/// One kind of computation of a network, with its attributes: a convolution with its strides, a ReLU.
///
/// An operator is a value; the tensors that it works on (weights too) are its node's inputs.
public protocol Operator: Sendable {
    /// The ONNX operator type, such as `Conv`.
    var name: String { get }

    /// How near two right implementations come to each other.
    var accuracy: AccuracyClass { get }

    /// The types of the outputs for `inputs`; an omitted optional input is nil.
    ///
    /// A known value (a constant, or a shape computed from one) comes with its type, because some
    /// operators, such as Reshape, take their output's shape from a value.
    func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType]

    /// The outputs for `inputs` by the plain definition of the operator: what every faster
    /// execution is held against.
    func evaluate(_ inputs: [Tensor?]) throws -> [Tensor]
}

/// A value's type, and the value itself where it does not depend on the network's inputs.
public struct KnownValue: Sendable {
    public let type: TensorType
    public let constant: Tensor?

    public init(type: TensorType, constant: Tensor? = nil) {
        self.type = type
        self.constant = constant
    }
}

/// How far two right implementations of an operator may lie apart, relative to the largest
/// magnitude of the output.
public enum AccuracyClass: Sendable, Hashable {
    /// Moves or compares values, computes none: equal bit for bit.
    case exact
    /// One rounding or a few for each element (addition, ReLU, sigmoid): 1e-6.
    case elementwise
    /// A sum over many products (convolution, matrix product, mean): 1e-4.
    case accumulating

    public var relativeTolerance: Float {
        switch self {
        case .exact: 0
        case .elementwise: 1e-6
        case .accumulating: 1e-4
        }
    }
}

/// Why an operator cannot take its inputs or attributes.
public struct OperatorError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// Wrong number, element type or shape of inputs.
        case inputs
        /// An attribute outside of what the operator's definition allows.
        case attributes
        /// Defined by the standard, but not supported here.
        case unsupported
        /// An output's size depends on what the network computes, so that it is not known ahead.
        case dataDependent
        /// A size that overflows, or is past the limit.
        case size
    }

    public let kind: Kind
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
