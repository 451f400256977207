/// Replaces single elements of a tensor along an axis, or combines them with others.
///
/// Inputs: data of any type; indices, `int32` or `int64`, of as many axes, each element of which says where along
/// `axis` to write, counted from the end where negative; updates of the data's type and the indices' shape.
/// Output: as the data. Where indices name one element twice, the last one counts.
///
/// Source: ONNX operator ScatterElements.
public struct ScatterElements: Operator {
    public var combination: ScatterCombination
    public var axis: Int

    public init(_ combination: ScatterCombination = .replace, axis: Int = 0) {
        self.combination = combination
        self.axis = axis
    }

    public var name: String { "ScatterElements" }
    public var accuracy: AccuracyClass { .elementwise }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let data = try arguments.type(0, of: ElementType.allCases, rank: 1...)
        guard combination == .replace || data.elementType != .bool else {
            throw invalid(.inputs, "cannot combine bool")
        }
        let rank = data.shape.rank
        let indices = try arguments.type(1, of: [.int32, .int64], rank: rank...rank).shape
        let updates = try arguments.type(2, of: [data.elementType]).shape
        let scattered = try resolve(axis: axis, rank: rank)
        guard updates == indices, (0..<rank).allSatisfy({ $0 == scattered || indices[$0] <= data.shape[$0] }) else {
            throw invalid(.inputs, "cannot put \(updates) into \(data.shape) at \(indices)")
        }
        return [data]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let axis = try resolve(axis: axis, rank: shape.rank)
        let offsets = try elementOffsets(inputs.tensor(1), along: axis, in: shape)
        return [inputs.tensor(0).scattering(inputs.tensor(2), to: offsets, combination)]
    }
}
