/// The same elements with the axes in another order.
///
/// Source: ONNX operator Transpose.
public struct Transpose: Operator {
    /// Axis i of the output is axis `permutation[i]` of the input; nil reverses all axes.
    public var permutation: [Int]?

    public init(permutation: [Int]? = nil) { self.permutation = permutation }

    public var name: String { "Transpose" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).type(0)
        let order = try order(rank: data.shape.rank)
        return [TensorType(elementType: data.elementType, shape: Shape(order.map { data.shape[$0] }))]
    }

    func order(rank: Int) throws -> [Int] {
        let order = permutation ?? (0..<rank).reversed()
        guard order.sorted() == Array(0..<rank) else {
            throw invalid(.attributes, "cannot order \(rank) axes as \(order)")
        }
        return order
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let data = try Arguments(inputs.map { $0.map { KnownValue(type: $0.type) } }, of: self, count: 1...1).type(0)
        return [inputs.tensor(0).transposed(try order(rank: data.shape.rank))]
    }
}
