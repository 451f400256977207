/// The type of a tensor's elements.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    case float32, int32, int64, bool, uint8, int8

    /// Bytes one element takes in memory.
    public var byteCount: Int {
        switch self {
        case .float32, .int32: 4
        case .int64: 8
        case .bool, .uint8, .int8: 1
        }
    }
}
