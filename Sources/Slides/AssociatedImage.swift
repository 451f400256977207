/// A picture of the slide that is never analysed.
public struct AssociatedImage: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable, CaseIterable {
        case label
        case macro
        case thumbnail
        case mask
    }

    public let role: Role
    /// Among the pictures of its file.
    public let number: Int
    public let width: Int
    public let height: Int

    public init(role: Role, number: Int, width: Int, height: Int) {
        self.role = role
        self.number = number
        self.width = width
        self.height = height
    }
}
