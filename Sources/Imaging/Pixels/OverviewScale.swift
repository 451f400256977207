/// Pixels of the full resolution along a side of the square that a pixel of an overview shows. More than size by size tells
/// where the last squares reach beyond the scan.
public struct OverviewScale: Sendable, Hashable {
    public let x: Double
    public let y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}
