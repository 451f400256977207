/// Micrometres per pixel of a scan's full resolution, with where that was read.
public struct Spacing: Sendable, Hashable {
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// Given with the scan by whoever runs the batch.
        case manifest
        /// `PhysicalSizeX` and `PhysicalSizeY` of OME-XML.
        case ome
        /// `MPP` of Aperio's image description.
        case aperio
        /// `DICOM_PIXEL_SPACING` of Philips' XML.
        case philips
        /// `ScanRes` of Ventana's XML.
        case ventana
        /// Estimated from the magnification that the file names.
        case magnification
        /// `unit` of ImageJ's image description, with the resolution tags.
        case imageJ = "imagej"
        /// TIFF's XResolution, YResolution and ResolutionUnit.
        case resolutionTags = "resolution-tags"
        /// What OpenSlide makes of a scanner's own metadata.
        case openSlide = "openslide"
        /// Taken for granted by the pipeline's policy.
        case assumed
        case unknown
    }

    /// Nil where, and only where, the source is `unknown`.
    public let micrometresPerPixel: Double?
    public let source: Source

    public static let unknown = Spacing(micrometresPerPixel: nil, source: .unknown)

    /// Spacings that a microscope gives; what image editors write by default (72, 96, 300 dots per inch) is far above.
    public static let plausible = 0.05...20.0

    /// Nil unless the number is plausible.
    public init?(plausible micrometresPerPixel: Double, source: Source) {
        guard Self.plausible.contains(micrometresPerPixel), source != .unknown else { return nil }
        self.init(micrometresPerPixel: micrometresPerPixel, source: source)
    }

    private init(micrometresPerPixel: Double?, source: Source) {
        self.micrometresPerPixel = micrometresPerPixel
        self.source = source
    }
}

/// What a file says about its spacing, before anyone asks whether that can be.
public struct SpacingClaim: Sendable, Hashable {
    public let source: Spacing.Source
    /// Micrometres per pixel along the rows and along the columns.
    public let x: Double
    public let y: Double
    /// One line on how the claim was read, where not simply as the file has it.
    public let note: String?

    public init(source: Spacing.Source, x: Double, y: Double, note: String? = nil) {
        self.source = source
        self.x = x
        self.y = y
        self.note = note
    }

    /// How far x and y may differ: pipelines take pixels for squares.
    static let greatestRatio = 1.1

    /// The spacing, where the claim is plausible and the pixels are (nearly) square.
    public var spacing: Spacing? {
        isSquare ? Spacing(plausible: (x * y).squareRoot(), source: source) : nil
    }

    private var isSquare: Bool { x > 0 && y > 0 && max(x, y) / min(x, y) <= Self.greatestRatio }

    /// Whether somebody meant it: what image editors write for printers, they do not.
    var isTold: Bool { spacing != nil || !isSquare || source != .resolutionTags }

    /// What is wrong with it, such as `ome says 1.0 x 1.3 um/px: not square`.
    var complaint: String {
        "\(source.rawValue) says \(x) x \(y) um/px: \(isSquare ? "not plausible" : "not square")"
    }

    /// How far a spacing may differ from what the magnification makes likely, for cameras' pixels differ.
    private static let greatestMagnificationRatio = 2.5

    /// Whether two spacings of an image differ by more than their rounding.
    func contradicts(_ other: SpacingClaim) -> Bool {
        guard let own = spacing?.micrometresPerPixel, let theirs = other.spacing?.micrometresPerPixel else {
            return false
        }
        let isEstimate = source == .magnification || other.source == .magnification
        return max(own, theirs) / min(own, theirs)
            > (isEstimate ? Self.greatestMagnificationRatio : Self.greatestRatio)
    }
}
