/// Applies `body` to the elements of two arrays, broadcast to the common `shape`.
///
/// - Precondition: both shapes broadcast to `shape`.
func broadcast<Left, Right, Result, Failure: Error>(
    _ left: [Left], _ leftShape: Shape, _ right: [Right], _ rightShape: Shape, to shape: Shape,
    _ body: (Left, Right) throws(Failure) -> Result
) throws(Failure) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(shape.elementCount)
    if leftShape == rightShape {
        for index in left.indices { results.append(try body(left[index], right[index])) }
    } else {
        for (first, second) in zip(leftShape.offsets(broadcastTo: shape), rightShape.offsets(broadcastTo: shape)) {
            results.append(try body(left[first], right[second]))
        }
    }
    return results
}

extension Operator {
    /// The common type of inputs that are broadcast together.
    func broadcastType(_ types: [TensorType]) throws -> TensorType {
        guard var common = types.first else { throw invalid(.inputs, "has no inputs") }
        for type in types.dropFirst() {
            guard type.elementType == common.elementType, let shape = common.shape.broadcast(with: type.shape) else {
                throw invalid(.inputs, "cannot broadcast \(common) with \(type)")
            }
            common = TensorType(elementType: common.elementType, shape: shape)
        }
        return common
    }
}
