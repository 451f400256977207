import Slides

/// The colour of clear glass in a picture, and each channel's levels relative to it.
struct WhiteBalance {
    /// What each value of each channel becomes when glass becomes 255, `[3, 256]`.
    private let levels: [UInt8]

    /// Below this, what looks like a colour is noise on black.
    private static let leastColoured = 24

    /// The 99th percentile of each channel, if that is a colour that glass can have: bright, and with next to no tint. In a
    /// picture without glass it is not, or nearly white anyway, and nothing is changed.
    init(of image: RGBImage) {
        let sample = TissueSample(image)
        let brightest = (0..<3).map { Percentile.of(histogram: sample.histogram(channel: $0), 99) }
        let (low, high) = (brightest.min() ?? 255, brightest.max() ?? 255)
        let isGlass = low >= 150 && (high - low) / high <= 0.08
        let white = isGlass ? brightest : [255, 255, 255]
        levels = (0..<768).map { UInt8(min(255, 255 * Double($0 % 256) / white[$0 / 256] + 0.5)) }
    }

    /// Saturation (of HSV, 0...255) and brightness (BT.601, 0...255) of every pixel, `[H, W]` each; what is nearly black
    /// has no saturation.
    func planes(of image: RGBImage) -> (saturation: [UInt8], brightness: [UInt8]) {
        let count = image.width * image.height
        var saturation = [UInt8](repeating: 0, count: count)
        var brightness = saturation
        image.pixels.withUnsafeBufferPointer { pixels in
            for index in 0..<count {
                let red = Int(levels[Int(pixels[3 * index])])
                let green = Int(levels[256 + Int(pixels[3 * index + 1])])
                let blue = Int(levels[512 + Int(pixels[3 * index + 2])])
                let greatest = max(red, green, blue)
                if greatest >= Self.leastColoured {
                    saturation[index] = UInt8((255 * (greatest - min(red, green, blue))) / greatest)
                }
                brightness[index] = UInt8((299 * red + 587 * green + 114 * blue + 500) / 1000)
            }
        }
        return (saturation, brightness)
    }
}
