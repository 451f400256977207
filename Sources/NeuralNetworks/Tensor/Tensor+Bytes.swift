extension Tensor {
    package var byteCount: Int { storage.count * elementType.byteCount }

    /// Writes the elements in row-major order; `address` has room for ``byteCount`` bytes.
    package func copyBytes(to address: UnsafeMutableRawPointer) {
        withUnsafeBytes { if let base = $0.baseAddress { address.copyMemory(from: base, byteCount: $0.count) } }
    }

    /// The elements' bytes in row-major order.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch storage {
        case .float32(let elements): elements.withUnsafeBytes(body)
        case .int32(let elements): elements.withUnsafeBytes(body)
        case .int64(let elements): elements.withUnsafeBytes(body)
        case .bool(let elements): elements.withUnsafeBytes(body)
        case .uint8(let elements): elements.withUnsafeBytes(body)
        case .int8(let elements): elements.withUnsafeBytes(body)
        }
    }

    /// A tensor with the bytes at `address`, in row-major order.
    package init(_ type: TensorType, copying address: UnsafeRawPointer) {
        let count = type.shape.elementCount
        switch type.elementType {
        case .float32: self.init(shape: type.shape, [Float](copying: address, count: count))
        case .int32: self.init(shape: type.shape, [Int32](copying: address, count: count))
        case .int64: self.init(shape: type.shape, [Int64](copying: address, count: count))
        case .bool: self.init(shape: type.shape, [Bool](copying: address, count: count))
        case .uint8: self.init(shape: type.shape, storage: .uint8([UInt8](copying: address, count: count)))
        case .int8: self.init(shape: type.shape, storage: .int8([Int8](copying: address, count: count)))
        }
    }

    init(zeros type: TensorType) {
        let count = type.shape.elementCount
        switch type.elementType {
        case .float32: self.init(shape: type.shape, [Float](repeating: 0, count: count))
        case .int32: self.init(shape: type.shape, [Int32](repeating: 0, count: count))
        case .int64: self.init(shape: type.shape, [Int64](repeating: 0, count: count))
        case .bool: self.init(shape: type.shape, [Bool](repeating: false, count: count))
        case .uint8: self.init(shape: type.shape, storage: .uint8([UInt8](repeating: 0, count: count)))
        case .int8: self.init(shape: type.shape, storage: .int8([Int8](repeating: 0, count: count)))
        }
    }
}

extension Array where Element: BitwiseCopyable {
    fileprivate init(copying address: UnsafeRawPointer, count: Int) {
        self.init(UnsafeBufferPointer(start: address.assumingMemoryBound(to: Element.self), count: count))
    }
}
