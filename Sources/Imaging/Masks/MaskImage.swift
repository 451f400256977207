/// A picture of foreground and background.
public struct MaskImage: Sendable, Hashable {
    public let width: Int
    public let height: Int
    /// `[H, W]` in row-major order; true where the pixel is foreground.
    public let pixels: [Bool]

    /// - Precondition: the sizes are positive and `pixels` holds exactly `width * height` values.
    public init(width: Int, height: Int, pixels: [Bool]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height, "pixels do not fill the mask")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The mask with the pixels of all the sets as foreground; what lies outside of it is left out.
    public init(width: Int, height: Int, painting sets: [RunLengths]) {
        var pixels = [Bool](repeating: false, count: width * height)
        for set in sets {
            for run in set.runs where run.row < height {
                for x in run.start..<max(run.start, min(run.end, width)) { pixels[run.row * width + x] = true }
            }
        }
        self.init(width: width, height: height, pixels: pixels)
    }

    /// What is foreground in both.
    ///
    /// - Precondition: they are of one size.
    public func intersected(with other: MaskImage) -> MaskImage {
        precondition(width == other.width && height == other.height, "masks of different pictures")
        return MaskImage(width: width, height: height, pixels: zip(pixels, other.pixels).map { $0 && $1 })
    }

    /// Number of foreground pixels.
    public var foregroundCount: Int { pixels.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// The foreground as run lengths.
    public var foreground: RunLengths {
        RunLengths(ordered: (0..<height).flatMap(runs(inRow:)))
    }

    /// The 8-connected components of the foreground, ordered by their first pixel.
    public var components: [RunLengths] { foreground.components }

    private func runs(inRow row: Int) -> [PixelRun] {
        var runs: [PixelRun] = []
        pixels.withUnsafeBufferPointer { pixels in
            let first = row * width
            var x = 0
            while x < width {
                guard pixels[first + x] else {
                    x += 1
                    continue
                }
                let start = x
                while x < width && pixels[first + x] { x += 1 }
                runs.append(PixelRun(row: row, start: start, length: x - start))
            }
        }
        return runs
    }
}
