import TIFF

/// One resolution of a pyramid.
public struct PyramidLevel: Sendable, Hashable {
    public let directory: TIFFDirectory
    /// Pixels of the full resolution along one of this level; 1 for level 0.
    public let downsample: Double

    /// The size as displayed.
    public var width: Int { directory.displayedWidth }
    public var height: Int { directory.displayedHeight }
}

/// One image of a scan, at one or several resolutions.
public struct Pyramid: Sendable, Hashable {
    /// The full resolution first.
    public let levels: [PyramidLevel]
    public let spacing: Spacing
    /// What the file says of its spacing but cannot be.
    public let implausibleSpacings: [SpacingClaim]

    /// - Parameters:
    ///   - base: the full resolution.
    ///   - reduced: the others, in any order; those that cannot be read are left out.
    init(base: TIFFDirectory, reduced: [TIFFDirectory], ome: OMEMetadata.Image? = nil) {
        let ordered = reduced.filter { $0.refusal == nil }.sorted { $0.displayedWidth > $1.displayedWidth }
        levels = ([base] + ordered).map { directory in
            let x = Double(base.displayedWidth) / Double(max(1, directory.displayedWidth))
            let y = Double(base.displayedHeight) / Double(max(1, directory.displayedHeight))
            return PyramidLevel(directory: directory, downsample: (x * y).squareRoot())
        }
        let claims = SpacingClaim.claims(of: base, ome: ome)
        spacing = claims.lazy.compactMap(\.spacing).first ?? .unknown
        implausibleSpacings = claims.filter { $0.spacing == nil }
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
