/// The side of a level-0 pixel, and how it is known.
public struct Spacing: Sendable, Hashable, Codable {
    public enum Source: String, Sendable, Hashable, Codable, CaseIterable {
        case tags, ome, aperio, manifest, assumed, unknown
    }

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

    public static let unknown = Spacing()
}
