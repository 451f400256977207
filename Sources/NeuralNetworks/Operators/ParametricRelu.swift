/// A leaky ReLU whose slope below zero is learned: `x` where `x >= 0`, else `slope * x`.
///
/// Inputs: data `[N, C, ...]` and a slope that broadcasts to it, both `float32`.
///
/// Source: He et al., "Delving deep into rectifiers", 2015; ONNX operator PRelu.
public struct ParametricRelu: Operator {
    /// Which axes of the data a slope of fewer axes stands for.
    public enum SlopeAlignment: Sendable, Hashable {
        /// The last ones.
        case lastAxes
        /// The channels, as ONNX had it before opset 7.
        case channels
    }

    public var slopeAlignment: SlopeAlignment

    public init(slopeAlignment: SlopeAlignment = .lastAxes) { self.slopeAlignment = slopeAlignment }

    public var name: String { "PRelu" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.float32(0)
        let slope = aligned(try arguments.float32(1), to: data)
        guard data.broadcast(with: slope) == data else {
            throw invalid(.inputs, "cannot broadcast its slope \(slope) to \(data)")
        }
        return [TensorType(elementType: .float32, shape: data)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let elements = broadcast(
            inputs.floats(0), shape, inputs.floats(1), aligned(inputs.tensor(1).shape, to: shape), to: shape
        ) { $0 < 0 ? $0 * $1 : $0 }
        return [Tensor(shape: shape, elements)]
    }

    func aligned(_ slope: Shape, to data: Shape) -> Shape {
        guard slopeAlignment == .channels, slope.rank == 1, data.rank > 2 else { return slope }
        return Shape(slope.dimensions + [Int](repeating: 1, count: data.rank - 2))
    }
}
