extension RegionsOfInterest {
    /// How many times as many pixels along a side a resolution may have than a lower one that somebody drew on.
    public static let lowerResolutions = [2, 4, 8, 16, 32, 64]

    /// How many times as large they may be and still end within an image of so many pixels.
    public func room(width: Int, height: Int) -> Double {
        let corners = (included + excluded).flatMap { $0.rings.joined() }
        let (right, bottom) = (corners.map(\.x).max() ?? 0, corners.map(\.y).max() ?? 0)
        return min(Double(width) / max(1, right), Double(height) / max(1, bottom))
    }

    /// The same so many times as large.
    public func scaled(by factor: Double) -> RegionsOfInterest {
        func scaled(_ polygons: [Polygon]) -> [Polygon] {
            polygons.map { polygon in
                Polygon(
                    rings: polygon.rings.map { $0.map { Finding.Point(x: $0.x * factor, y: $0.y * factor) } })
            }
        }
        return RegionsOfInterest(included: scaled(included), excluded: scaled(excluded))
    }
}
