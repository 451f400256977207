import Slides

/// A picture of one 8-bit channel: `[H, W]` in row-major order.
public struct GreyImage: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// `width * height` bytes.
    public let pixels: [UInt8]

    /// - Precondition: the sizes are positive and `pixels` holds exactly `width * height` bytes.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height, "pixels do not fill the picture")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The brightness of a colour picture, `0.299 R + 0.587 G + 0.114 B` (ITU-R BT.601), rounded.
    public init(luminanceOf image: RGBImage) {
        let count = image.width * image.height
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            image.pixels.withUnsafeBufferPointer { source in
                for index in 0..<count {
                    let red = 19_595 * UInt32(source[3 * index])
                    let green = 38_470 * UInt32(source[3 * index + 1])
                    let blue = 7_471 * UInt32(source[3 * index + 2])
                    buffer[index] = UInt8(truncatingIfNeeded: (red + green + blue + 32_768) >> 16)
                }
            }
            initialized = count
        }
        self.init(width: image.width, height: image.height, pixels: pixels)
    }
}
