/// What is known of a tensor before it is computed: element type and shape.
public struct TensorType: Sendable, Hashable {
    public let elementType: ElementType
    public let shape: Shape

    public init(elementType: ElementType, shape: Shape) {
        self.elementType = elementType
        self.shape = shape
    }

    /// Bytes the elements take in memory.
    public var byteCount: Int { shape.elementCount * elementType.byteCount }
}

extension TensorType: CustomStringConvertible {
    public var description: String { "\(elementType.rawValue) \(shape)" }
}
