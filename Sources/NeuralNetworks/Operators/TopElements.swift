/// The largest or smallest elements along an axis, with their positions, in order.
///
/// Inputs: data, `float32`, `int32` or `int64`, and how many to take, `int64` of one element.
/// Outputs: the elements, and their positions along the axis as `int64`. Of equal elements the first counts.
///
/// Source: ONNX operator TopK.
public struct TopElements: Operator {
    public enum Extremum: Sendable, Hashable {
        case largest, smallest
    }

    public var extremum: Extremum
    public var axis: Int

    public init(_ extremum: Extremum = .largest, axis: Int = -1) {
        self.extremum = extremum
        self.axis = axis
    }

    public var name: String { "TopK" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.type(0, of: [.float32, .int32, .int64], rank: 1...)
        var extents = data.shape.dimensions
        let axis = try resolve(axis: axis, rank: extents.count)
        guard let count = try arguments.integers(1), count.count == 1, 0...extents[axis] ~= count[0] else {
            throw invalid(.inputs, "cannot take so many elements of \(extents[axis])")
        }
        extents[axis] = count[0]
        let output = try shape(extents)
        return [
            TensorType(elementType: data.elementType, shape: output), TensorType(elementType: .int64, shape: output),
        ]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputTypes(of: inputs)[0].shape
        let data = inputs.tensor(0)
        let axis = try resolve(axis: axis, rank: data.shape.rank)
        let planes = Planes(data.shape, channelAxis: axis)
        let count = output[axis]
        var positions = [Int64](repeating: 0, count: output.elementCount)
        var sources = [Int](repeating: 0, count: output.elementCount)
        func select<Element: Comparable>(_ elements: [Element]) {
            for index in 0..<planes.images * planes.size {
                let (image, column) = index.quotientAndRemainder(dividingBy: planes.size)
                func offset(_ position: Int, of extent: Int) -> Int {
                    (image * extent + position) * planes.size + column
                }
                let order = (0..<planes.channels).sorted {
                    let (first, second) = (
                        elements[offset($0, of: planes.channels)], elements[offset($1, of: planes.channels)]
                    )
                    if first == second { return $0 < $1 }
                    return extremum == .largest ? first > second : first < second
                }
                for (rank, position) in order.prefix(count).enumerated() {
                    positions[offset(rank, of: count)] = Int64(position)
                    sources[offset(rank, of: count)] = offset(position, of: planes.channels)
                }
            }
        }
        switch data.storage {
        case .float32(let elements): select(elements)
        case .int32(let elements): select(elements)
        case .int64(let elements): select(elements)
        case .bool, .uint8, .int8: preconditionFailure("TopK accepted \(inputs.tensor(0).elementType)")
        }
        return [data.gathering(sources, shape: output), Tensor(shape: output, positions)]
    }
}
