/// How a scan's colours are to be read, where the file leaves that open.
public struct ColourReading: Sendable, Hashable {
    /// The channels, from 1, that are red, green and blue in an image of more than one; nil for what the file says.
    public var channels: [Int]?

    /// Whether a file's colour profile turns its colours into sRGB, or is left alone.
    public var appliesProfile: Bool

    public init(channels: [Int]? = nil, appliesProfile: Bool = true) {
        self.channels = channels
        self.appliesProfile = appliesProfile
    }
}
