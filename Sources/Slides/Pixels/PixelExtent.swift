/// A size in pixels, of which the last along each side may be cut.
public struct PixelExtent: Sendable, Hashable {
    public let width: Double
    public let height: Double

    public init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }
}
