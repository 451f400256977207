/// Where the elements of several tensors are.
extension Tensor {
    /// Where what has no elements is said to be: engines want an address, and an empty array has none.
    ///
    /// `nonisolated(unsafe)`: a pointer is never `Sendable`, for what it points to may be shared. Nothing is behind this one
    /// that anybody reads or writes, and it is set once.
    private nonisolated(unsafe) static let nowhere = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)

    /// Calls `body` with the address of each tensor's elements.
    static func withAddresses(
        of tensors: ArraySlice<Tensor>, _ before: [UnsafeRawPointer] = [], _ body: ([UnsafeRawPointer]) -> Void
    ) {
        guard let first = tensors.first else { return body(before) }
        first.withUnsafeBytes { bytes in
            withAddresses(of: tensors.dropFirst(), before + [bytes.baseAddress ?? UnsafeRawPointer(nowhere)], body)
        }
    }

    /// The same, to be written to.
    static func withMutableAddresses(
        of tensors: inout [Tensor], from index: Int = 0, _ before: [UnsafeMutableRawPointer] = [],
        _ body: ([UnsafeMutableRawPointer]) -> Void
    ) {
        guard index < tensors.count else { return body(before) }
        // Out of the list while its elements are being written, so that they have one owner and are not copied.
        var tensor = tensors[index]
        tensors[index] = Tensor(shape: [0], [Float]())
        tensor.withUnsafeMutableBytes { bytes in
            withMutableAddresses(of: &tensors, from: index + 1, before + [bytes.baseAddress ?? nowhere], body)
        }
        tensors[index] = tensor
    }

    /// The elements' bytes in row-major order.
    private mutating func withUnsafeMutableBytes(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
        func written<Element: BitwiseCopyable>(
            _ elements: consuming [Element], _ storage: ([Element]) -> Storage
        ) -> Storage {
            elements.withUnsafeMutableBytes(body)
            return storage(elements)
        }
        let given = storage
        storage = .float32([])
        // `consume` hands the only reference on; without it, a build that is not optimised keeps another one, and copies.
        storage =
            switch consume given {
            case .float32(let elements): written(consume elements, Storage.float32)
            case .int32(let elements): written(consume elements, Storage.int32)
            case .int64(let elements): written(consume elements, Storage.int64)
            case .bool(let elements): written(consume elements, Storage.bool)
            case .uint8(let elements): written(consume elements, Storage.uint8)
            case .int8(let elements): written(consume elements, Storage.int8)
            }
    }
}
