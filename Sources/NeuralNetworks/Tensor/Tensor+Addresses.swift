/// Where the elements of several tensors are.
extension Tensor {
    /// Calls `body` with the address of each tensor's elements. What has none gets one too, for engines want it: of bytes
    /// that nobody reads.
    static func withAddresses(of tensors: ArraySlice<Tensor>, _ body: ([UnsafeRawPointer]) -> Void) {
        var nowhere = SIMD64<UInt8>()
        withUnsafeMutablePointer(to: &nowhere) { addAddresses(of: tensors, to: [], UnsafeRawPointer($0), body) }
    }

    private static func addAddresses(
        of tensors: ArraySlice<Tensor>, to addresses: [UnsafeRawPointer], _ nowhere: UnsafeRawPointer,
        _ body: ([UnsafeRawPointer]) -> Void
    ) {
        guard let first = tensors.first else { return body(addresses) }
        first.withUnsafeBytes { bytes in
            addAddresses(of: tensors.dropFirst(), to: addresses + [bytes.baseAddress ?? nowhere], nowhere, body)
        }
    }

    /// The same, to be written to.
    static func withMutableAddresses(of tensors: inout [Tensor], _ body: ([UnsafeMutableRawPointer]) -> Void) {
        var nowhere = SIMD64<UInt8>()
        withUnsafeMutablePointer(to: &nowhere) {
            addMutableAddresses(of: &tensors, from: 0, to: [], UnsafeMutableRawPointer($0), body)
        }
    }

    private static func addMutableAddresses(
        of tensors: inout [Tensor], from index: Int, to addresses: [UnsafeMutableRawPointer],
        _ nowhere: UnsafeMutableRawPointer, _ body: ([UnsafeMutableRawPointer]) -> Void
    ) {
        guard index < tensors.count else { return body(addresses) }
        // Out of the list while its elements are being written, so that they have one owner and are not copied.
        var tensor = tensors[index]
        tensors[index] = Tensor(shape: [0], [Float]())
        tensor.withUnsafeMutableBytes { bytes in
            addMutableAddresses(
                of: &tensors, from: index + 1, to: addresses + [bytes.baseAddress ?? nowhere], nowhere, body)
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
