/// What is kept of a scan for whoever looks at its findings without it.
public struct ScanIllustration: Sendable, Hashable {
    public let thumbnails: [Thumbnail]
    public let heatMaps: [HeatMap]

    /// What one scan may have of both, whatever a worker says.
    public static let mostParts = 64

    public static let none = ScanIllustration(thumbnails: [], heatMaps: [])

    public init(thumbnails: [Thumbnail], heatMaps: [HeatMap]) {
        self.thumbnails = thumbnails
        self.heatMaps = heatMaps
    }

    /// Both together, as far as one scan may have so many parts.
    public func adding(_ other: ScanIllustration) -> ScanIllustration {
        let room = Self.mostParts - thumbnails.count - heatMaps.count
        guard other.thumbnails.count + other.heatMaps.count <= room else { return self }
        return ScanIllustration(
            thumbnails: thumbnails + other.thumbnails, heatMaps: heatMaps + other.heatMaps)
    }

    /// The same as of that image of the file.
    public func placed(inImage image: Int) -> ScanIllustration {
        ScanIllustration(
            thumbnails: thumbnails.map { $0.placed(inImage: image) },
            heatMaps: heatMaps.map { $0.placed(inImage: image) })
    }
}
