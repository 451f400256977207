/// A picture of 8-bit red, green and blue, interleaved: `[H, W, 3]` in row-major order.
public struct RGBImage: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// `3 * width * height` bytes.
    public let pixels: [UInt8]

    /// - Precondition: the sizes are positive and `pixels` holds exactly `3 * width * height` bytes.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && pixels.count == 3 * width * height, "pixels do not fill the picture")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A picture of one colour.
    public init(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        let count = 3 * width * height
        self.init(
            width: width, height: height,
            pixels: [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                for index in stride(from: 0, to: count, by: 3) {
                    buffer[index] = red
                    buffer[index + 1] = green
                    buffer[index + 2] = blue
                }
                initialized = count
            })
    }

    /// The part under `window`.
    ///
    /// - Precondition: the window lies wholly in the picture.
    public func cropped(to window: PixelWindow) -> RGBImage {
        precondition(window.isInside(width: width, height: height), "crop outside of the picture")
        if window.width == width && window.height == height { return self }
        let rowBytes = 3 * window.width
        let count = rowBytes * window.height
        let cropped = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            pixels.withUnsafeBufferPointer { source in
                for row in 0..<window.height {
                    let start = 3 * ((window.y + row) * width + window.x)
                    let target = UnsafeMutableBufferPointer(rebasing: buffer[row * rowBytes..<(row + 1) * rowBytes])
                    _ = target.initialize(fromContentsOf: source[start..<start + rowBytes])
                }
            }
            initialized = count
        }
        return RGBImage(width: window.width, height: window.height, pixels: cropped)
    }

    /// The picture whose pixel (x, y) is this one's (`columns[x]`, `rows[y]`).
    ///
    /// - Precondition: every column and row lies in the picture.
    package func gathered(columns: [Int], rows: [Int]) -> RGBImage {
        precondition(columns.allSatisfy { (0..<width).contains($0) } && rows.allSatisfy { (0..<height).contains($0) })
        let count = 3 * columns.count * rows.count
        let gathered = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            pixels.withUnsafeBufferPointer { source in
                var target = 0
                for row in rows {
                    let rowStart = row * width
                    for column in columns {
                        let start = 3 * (rowStart + column)
                        buffer[target] = source[start]
                        buffer[target + 1] = source[start + 1]
                        buffer[target + 2] = source[start + 2]
                        target += 3
                    }
                }
            }
            initialized = count
        }
        return RGBImage(width: columns.count, height: rows.count, pixels: gathered)
    }
}
