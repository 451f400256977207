import Slides

/// A picture of 8-bit grey: `[H, W]` in row-major order.
public struct GreyPicture: Sendable, Hashable {
    public let width: Int
    public let height: Int
    public let pixels: [UInt8]

    /// - Precondition: `pixels` fills the picture.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height, "pixels do not fill the picture")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The luma (ITU-R BT.601) of a picture, halved until it has at most so many pixels.
    ///
    /// - Throws: where reading fails.
    init(_ source: any PixelSource, maximumPixels: Int) throws(SlideError) {
        var step = 1
        while source.width / step * (source.height / step) > maximumPixels { step *= 2 }
        let (width, height) = (max(1, source.width / step), max(1, source.height / step))
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height)
        for row in 0..<height {
            let line = try source.pixels(
                in: PixelWindow(x: 0, y: row * step, width: source.width, height: 1)
            ).pixels
            for column in 0..<width {
                let start = 3 * column * step
                let luma = 299 * Int(line[start]) + 587 * Int(line[start + 1]) + 114 * Int(line[start + 2])
                pixels.append(UInt8(luma / 1000))
            }
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}
