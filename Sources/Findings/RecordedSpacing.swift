/// The side of a level-0 pixel, and how it was known, as an analysis records it.
public struct RecordedSpacing: Sendable, Hashable {
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// Given with the scan by whoever runs the batch.
        case manifest
        case ome, aperio, philips, ventana
        /// Estimated from the magnification that the file names.
        case magnification
        case imageJ = "imagej"
        /// TIFF's XResolution, YResolution and ResolutionUnit.
        case resolutionTags = "resolution-tags"
        /// What OpenSlide makes of a scanner's own metadata.
        case openSlide = "openslide"
        /// Taken for granted by the pipeline's policy.
        case assumed
        case unknown
    }

    /// Micrometres per pixel that a microscope's scan can have: millimetres, nanometres or dots per inch taken for
    /// micrometres lie outside.
    public static let plausible = 0.05...20.0

    /// Nil exactly where the source is `unknown`.
    public let micrometresPerPixel: Double?
    public let source: Source

    /// - Precondition: `micrometresPerPixel` is positive and finite, and `source` is not `unknown`.
    public init(micrometresPerPixel: Double, source: Source) {
        precondition(micrometresPerPixel > 0 && micrometresPerPixel.isFinite && source != .unknown)
        self.micrometresPerPixel = micrometresPerPixel
        self.source = source
    }

    private init() {
        micrometresPerPixel = nil
        source = .unknown
    }

    public static let unknown = RecordedSpacing()
}
