extension Tensor {
    /// A tensor of `shape` whose elements are this one's at `offsets`, in order.
    ///
    /// - Precondition: `offsets` are `shape.elementCount` valid offsets.
    func gathering(_ offsets: some Sequence<Int>, shape: Shape) -> Tensor {
        switch storage {
        case .float32(let elements): Tensor(shape: shape, offsets.map { elements[$0] })
        case .int32(let elements): Tensor(shape: shape, offsets.map { elements[$0] })
        case .int64(let elements): Tensor(shape: shape, offsets.map { elements[$0] })
        case .bool(let elements): Tensor(shape: shape, offsets.map { elements[$0] })
        case .uint8(let elements): Tensor(shape: shape, storage: .uint8(offsets.map { elements[$0] }))
        case .int8(let elements): Tensor(shape: shape, storage: .int8(offsets.map { elements[$0] }))
        }
    }

    /// As ``gathering(_:shape:)``, with `fill` (a tensor of one element of the same type) where the offset is nil.
    func gathering(_ offsets: some Sequence<Int?>, fill: Tensor, shape: Shape) -> Tensor {
        func gather<Element>(_ elements: [Element], _ fill: [Element]) -> [Element] {
            offsets.map { offset in offset.map { elements[$0] } ?? fill[0] }
        }
        switch (storage, fill.storage) {
        case (.float32(let elements), .float32(let fill)): return Tensor(shape: shape, gather(elements, fill))
        case (.int32(let elements), .int32(let fill)): return Tensor(shape: shape, gather(elements, fill))
        case (.int64(let elements), .int64(let fill)): return Tensor(shape: shape, gather(elements, fill))
        case (.bool(let elements), .bool(let fill)): return Tensor(shape: shape, gather(elements, fill))
        case (.uint8(let elements), .uint8(let fill)):
            return Tensor(shape: shape, storage: .uint8(gather(elements, fill)))
        case (.int8(let elements), .int8(let fill)): return Tensor(shape: shape, storage: .int8(gather(elements, fill)))
        default: preconditionFailure("filling \(elementType) with \(fill.elementType)")
        }
    }

    /// The same elements under another shape of as many elements.
    public func reshaped(to shape: Shape) -> Tensor { Tensor(shape: shape, storage: storage) }

    /// The axes in the order of `permutation`: axis i of the result is axis `permutation[i]` of this one.
    ///
    /// - Precondition: `permutation` holds every axis once.
    public func transposed(_ permutation: [Int]) -> Tensor {
        precondition(permutation.sorted() == Array(0..<shape.rank), "not a permutation: \(permutation)")
        let strides = shape.strides
        let extents = permutation.map { shape[$0] }
        return gathering(
            StridedOffsets(extents: extents, strides: permutation.map { strides[$0] }), shape: Shape(extents))
    }

    /// A tensor of `count` equal elements of `shape`, taken from the single element of this one.
    func repeated(shape: Shape) -> Tensor {
        gathering(repeatElement(0, count: shape.elementCount), shape: shape)
    }
}
