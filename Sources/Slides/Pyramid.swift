/// One resolution of a pyramid.
public struct PyramidLevel: Sendable, Hashable {
    /// Of the image in its file.
    public let image: Int
    /// Of the level in the image; 0 for the full resolution.
    public let number: Int
    /// The size as displayed.
    public let width: Int
    public let height: Int
    /// Pixels of the full resolution along one of this level; 1 for level 0.
    public let downsample: Double
    /// The size of the whole image in this level's pixels, where that is not a whole number of them: of a level whose size was
    /// rounded or padded.
    public let extent: PixelExtent

    public init(image: Int, number: Int, width: Int, height: Int, downsample: Double, extent: PixelExtent? = nil) {
        self.image = image
        self.number = number
        self.width = width
        self.height = height
        self.downsample = downsample
        self.extent = extent ?? PixelExtent(width: Double(width), height: Double(height))
    }
}

/// One image of a scan, at one or several resolutions.
public struct Pyramid: Sendable, Hashable {
    /// The full resolution first.
    public let levels: [PyramidLevel]
    public let spacing: Spacing
    /// What the file says of its spacing but cannot be.
    public let implausibleSpacings: [SpacingClaim]
    /// How the pixels are stored, for people, such as `tiled 8-bit RGB, JPEG`.
    public let summary: String
    /// What to know of the image that its pixels do not show, a line each.
    public let remarks: [String]
    /// Why the pixels cannot be read, where the header already tells.
    public let refusal: SlideError?

    /// - Parameters:
    ///   - levels: the full resolution first; at least that.
    ///   - claims: what the file says of its spacing, the most trustworthy first.
    public init(
        levels: [PyramidLevel], claims: [SpacingClaim], summary: String, remarks: [String] = [],
        refusal: SlideError? = nil
    ) {
        precondition(!levels.isEmpty, "an image has at least its full resolution")
        self.levels = levels
        spacing = claims.lazy.compactMap(\.spacing).first ?? .unknown
        implausibleSpacings = claims.filter { $0.spacing == nil }
        self.summary = summary
        self.remarks = remarks + Self.remarks(on: claims)
        self.refusal = refusal
    }

    private static func remarks(on claims: [SpacingClaim]) -> [String] {
        guard let taken = claims.first(where: { $0.spacing != nil }) else { return [] }
        let others = claims.filter { taken.contradicts($0) }
        let unusable = claims.filter { $0.spacing == nil && $0.source != .resolutionTags }
        let contradiction =
            others.isEmpty
            ? nil
            : "the file contradicts itself on its spacing: "
                + ([taken] + others).map { "\($0.source.rawValue) says \($0.x) um/px" }.joined(separator: ", ")
        let complaint =
            unusable.isEmpty
            ? nil
            : "the file also tells its spacing unusably (\(unusable.map(\.complaint).joined(separator: "; ")))"
        return [taken.note, contradiction, complaint].compactMap { $0 }
    }

    /// Why there is no spacing; nil where there is one.
    public var spacingComplaint: String? {
        guard spacing == .unknown else { return nil }
        let told = implausibleSpacings.filter(\.isTold)
        return told.isEmpty
            ? "the file does not tell its spacing"
            : "the file tells its spacing, but not usably (\(told.map(\.complaint).joined(separator: "; ")))"
    }

    /// Size of the full resolution.
    public var width: Int { levels[0].width }
    public var height: Int { levels[0].height }

    /// The smallest level that still has at least the resolution asked for: from it, pixels are averaged, never invented.
    ///
    /// - Parameter downsample: pixels of the full resolution along one that is asked for.
    public func level(atLeastAsFineAs downsample: Double) -> PyramidLevel {
        // The sizes of levels are rounded, so their downsample is 2.0003 where 2 is meant.
        levels.last { $0.downsample <= downsample * 1.01 } ?? levels[0]
    }

    /// The smallest level of at least so many pixels along its longer side, or level 0.
    public func level(withLongerSideAtLeast side: Int) -> PyramidLevel {
        levels.last { max($0.width, $0.height) >= side } ?? levels[0]
    }
}
