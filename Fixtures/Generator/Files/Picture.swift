/// RGB pixels in memory.
struct Picture: Sendable {
    let width: Int
    let height: Int
    /// `[height, width, 3]`.
    let pixels: [UInt8]

    /// The next level of a pyramid: the rounded mean of each 2 x 2 pixels; an odd last row or column is repeated.
    func halved() -> Picture {
        let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
        var result: [UInt8] = []
        result.reserveCapacity(halfWidth * halfHeight * 3)
        for row in 0..<halfHeight {
            let above = 2 * row * width * 3
            let below = min(2 * row + 1, height - 1) * width * 3
            for column in 0..<halfWidth {
                let left = 2 * column * 3
                let right = min(2 * column + 1, width - 1) * 3
                for channel in 0..<3 {
                    let sum =
                        Int(pixels[above + left + channel]) + Int(pixels[above + right + channel])
                        + Int(pixels[below + left + channel]) + Int(pixels[below + right + channel])
                    result.append(UInt8((sum + 2) / 4))
                }
            }
        }
        return Picture(width: halfWidth, height: halfHeight, pixels: result)
    }

    func turnedUpsideDown() -> Picture {
        var turned: [UInt8] = []
        turned.reserveCapacity(pixels.count)
        for index in stride(from: pixels.count - 3, through: 0, by: -3) {
            turned.append(contentsOf: pixels[index..<index + 3])
        }
        return Picture(width: width, height: height, pixels: turned)
    }

    /// `[height, width, 4]`.
    func withOpaqueAlpha() -> [UInt8] {
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height * 4)
        for index in stride(from: 0, to: pixels.count, by: 3) {
            samples.append(contentsOf: pixels[index..<index + 3])
            samples.append(255)
        }
        return samples
    }

    /// The picture on a larger canvas, its last column and row repeated: tiles are always full.
    func padded(width fullWidth: Int, height fullHeight: Int) -> Picture {
        guard fullWidth > width || fullHeight > height else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(fullWidth * fullHeight * 3)
        for row in 0..<fullHeight {
            let start = min(row, height - 1) * width * 3
            result.append(contentsOf: pixels[start..<start + width * 3])
            let last = pixels[start + width * 3 - 3..<start + width * 3]
            for _ in width..<fullWidth { result.append(contentsOf: last) }
        }
        return Picture(width: fullWidth, height: fullHeight, pixels: result)
    }
}

extension Drawing {
    var picture: Picture { Picture(width: window.width, height: window.height, pixels: pixels) }
}

/// The colours of a picture, when they are few.
struct Palette {
    private let numbers: [UInt32: UInt8]

    /// - Throws: `FixtureError`, `unrepresentable` for more than 256 colours.
    init(of picture: Picture) throws(FixtureError) {
        var numbers: [UInt32: UInt8] = [:]
        for index in stride(from: 0, to: picture.pixels.count, by: 3) {
            let colour = Self.colour(of: picture, at: index)
            guard numbers[colour] == nil else { continue }
            guard let number = UInt8(exactly: numbers.count) else {
                throw FixtureError(.unrepresentable, "a palette holds 256 colours and the picture has more")
            }
            numbers[colour] = number
        }
        self.numbers = numbers
    }

    /// Red, green and blue, 256 values of 16 bits each.
    var colourMap: [[UInt16]] {
        [16, 8, 0].map { shift in
            var channel = [UInt16](repeating: 0, count: 256)
            for (colour, number) in numbers { channel[Int(number)] = UInt16(colour >> shift & 255) * 257 }
            return channel
        }
    }

    func indices(of picture: Picture) -> [UInt8] {
        stride(from: 0, to: picture.pixels.count, by: 3).map { numbers[Self.colour(of: picture, at: $0)] ?? 0 }
    }

    private static func colour(of picture: Picture, at index: Int) -> UInt32 {
        UInt32(picture.pixels[index]) << 16 | UInt32(picture.pixels[index + 1]) << 8 | UInt32(picture.pixels[index + 2])
    }
}
