/// How samples become colours, where the file's directories do not tell, or have to agree: the levels of a pyramid are
/// one image.
public struct TIFFRendering: Sendable, Hashable {
    /// The values that are shown as black and white; nil for those that `sampleRange` finds for the directory.
    public var range: SampleRange?
    /// The colour of tiles and strips that the file leaves out, unless the file names a light one of its own: glass.
    public var background: RGBColour
    /// Whether colours are shown whatever the alpha beside them: see `hidesAllColours`.
    public var ignoresAlpha: Bool

    public init(range: SampleRange? = nil, background: RGBColour = .white, ignoresAlpha: Bool = false) {
        (self.range, self.background, self.ignoresAlpha) = (range, background, ignoresAlpha)
    }
}

/// A colour of 8 bits each.
public struct RGBColour: Sendable, Hashable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

    public static let white = RGBColour(red: 255, green: 255, blue: 255)
}
