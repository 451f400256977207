import Slides

/// Pixels of a scan's tissue, on which its colours are estimated: once a scan, never per tile, so that no tile is normalised
/// unlike its neighbour and blank tiles need no estimate.
public struct TissueSample: Sendable, Hashable {
    /// Interleaved RGB, `[count, 3]`.
    public let pixels: [UInt8]

    public var count: Int { pixels.count / 3 }

    /// Evenly spread pixels of the picture, at most `maximumCount`, those under the mask where there is one.
    ///
    /// - Precondition: the mask has the picture's size.
    public init(_ image: RGBImage, tissue: MaskImage? = nil, maximumCount: Int = 200_000) {
        precondition(maximumCount > 0, "a sample has at least one pixel")
        if let tissue { precondition(tissue.width == image.width && tissue.height == image.height) }
        let available = tissue?.foregroundCount ?? image.width * image.height
        let step = max(1, (available + maximumCount - 1) / maximumCount)
        var sampled: [UInt8] = []
        sampled.reserveCapacity(3 * (available / step + 1))
        var seen = 0
        for index in 0..<image.width * image.height where tissue?.pixels[index] ?? true {
            if seen % step == 0 { sampled += image.pixels[3 * index..<3 * index + 3] }
            seen += 1
        }
        pixels = sampled
    }

    init(pixels: [UInt8]) {
        self.pixels = pixels
    }

    /// How often each value occurs in a channel, `[256]`.
    func histogram(channel: Int) -> [Int] {
        var histogram = [Int](repeating: 0, count: 256)
        for index in stride(from: channel, to: pixels.count, by: 3) { histogram[Int(pixels[index])] += 1 }
        return histogram
    }
}
