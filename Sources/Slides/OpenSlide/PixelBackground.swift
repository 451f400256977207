/// The colour of what was not scanned: OpenSlide leaves it transparent.
struct PixelBackground {
    static let white = PixelBackground(red: 255, green: 255, blue: 255)

    private let red: UInt32
    private let green: UInt32
    private let blue: UInt32

    private init(red: UInt32, green: UInt32, blue: UInt32) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// - Parameter hexadecimal: `RRGGBB`, as OpenSlide's property has it.
    init?(hexadecimal: String?) {
        guard let hexadecimal, hexadecimal.utf8.count == 6, let colour = UInt32(hexadecimal, radix: 16) else {
            return nil
        }
        self.init(red: colour >> 16, green: colour >> 8 & 0xFF, blue: colour & 0xFF)
    }

    /// The background with premultiplied ARGB pixels on it.
    func image(under pixels: [UInt32], width: Int, height: Int) -> RGBImage {
        let rgb = [UInt8](unsafeUninitializedCapacity: 3 * pixels.count) { buffer, initialized in
            pixels.withUnsafeBufferPointer { pixels in
                for index in pixels.indices {
                    let pixel = pixels[index]
                    let clear = 255 - pixel >> 24
                    func channel(_ shift: UInt32, on background: UInt32) -> UInt8 {
                        UInt8(truncatingIfNeeded: min(255, pixel >> shift & 0xFF + (clear * background + 127) / 255))
                    }
                    buffer[3 * index] = channel(16, on: red)
                    buffer[3 * index + 1] = channel(8, on: green)
                    buffer[3 * index + 2] = channel(0, on: blue)
                }
            }
            initialized = 3 * pixels.count
        }
        return RGBImage(width: width, height: height, pixels: rgb)
    }
}
