/// A dense array of numbers in row-major order.
public struct Tensor: Sendable, Hashable {
    /// The elements, in row-major order.
    public enum Storage: Sendable, Hashable {
        case float32([Float])
        case int32([Int32])
        case int64([Int64])
        case bool([Bool])
        case uint8([UInt8])
        case int8([Int8])

        public var count: Int {
            switch self {
            case .float32(let elements): elements.count
            case .int32(let elements): elements.count
            case .int64(let elements): elements.count
            case .bool(let elements): elements.count
            case .uint8(let elements): elements.count
            case .int8(let elements): elements.count
            }
        }
    }

    public let shape: Shape
    public internal(set) var storage: Storage

    /// - Precondition: `storage` holds exactly `shape.elementCount` elements.
    public init(shape: Shape, storage: Storage) {
        precondition(storage.count == shape.elementCount, "\(storage.count) elements for shape \(shape)")
        self.shape = shape
        self.storage = storage
    }

    public init(shape: Shape, _ elements: [Float]) { self.init(shape: shape, storage: .float32(elements)) }
    public init(shape: Shape, _ elements: [Int32]) { self.init(shape: shape, storage: .int32(elements)) }
    public init(shape: Shape, _ elements: [Int64]) { self.init(shape: shape, storage: .int64(elements)) }
    public init(shape: Shape, _ elements: [Bool]) { self.init(shape: shape, storage: .bool(elements)) }

    public var elementType: ElementType {
        switch storage {
        case .float32: .float32
        case .int32: .int32
        case .int64: .int64
        case .bool: .bool
        case .uint8: .uint8
        case .int8: .int8
        }
    }

    public var type: TensorType { TensorType(elementType: elementType, shape: shape) }

    /// The elements, where they are `float32`.
    public var floats: [Float]? {
        if case .float32(let elements) = storage { elements } else { nil }
    }

    /// The elements as `Int`, where they are `int32` or `int64`: shapes, axes, indices.
    public var integers: [Int]? {
        switch storage {
        case .int64(let elements): elements.map(Int.init)
        case .int32(let elements): elements.map(Int.init)
        case .float32, .bool, .uint8, .int8: nil
        }
    }
}
