/// The pixels of a source before its colour profile, and the profile.
public struct StoredColours {
    public let source: any PixelSource
    /// Turns red, green and blue of 8 bits each, `[H, W, 3]`, into sRGB.
    private let correct: (inout [UInt8]) -> Void

    public init(_ source: any PixelSource, correct: @escaping (inout [UInt8]) -> Void) {
        self.source = source
        self.correct = correct
    }

    /// What a picture of stored pixels shows.
    public func corrected(_ image: RGBImage) -> RGBImage {
        var pixels = image.pixels
        correct(&pixels)
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }
}
