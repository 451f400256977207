import Imaging
import Slides

extension GreyImage {
    /// The brightness of a picture, of every second, fourth, ... row and column until it has at most so many pixels.
    ///
    /// - Throws: where reading fails.
    init(_ source: any PixelSource, maximumPixels: Int) throws(SlideError) {
        var step = 1
        while source.width / step * (source.height / step) > maximumPixels { step *= 2 }
        let (width, height) = (max(1, source.width / step), max(1, source.height / step))
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * width * height)
        for row in 0..<height {
            let line = try source.pixels(
                in: PixelWindow(x: 0, y: row * step, width: source.width, height: 1)
            ).pixels
            for column in 0..<width { pixels += line[3 * column * step..<3 * column * step + 3] }
        }
        self.init(luminanceOf: RGBImage(width: width, height: height, pixels: pixels))
    }
}
