import Foundation
import Imaging
import Slides
import TestSupport
import Testing

@Suite struct PicturesTests {
    private func drawn(width: Int, height: Int) -> RGBImage {
        RGBImage(
            width: width, height: height,
            pixels: (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 11) })
    }

    @Test func colourGreyAndMaskComeBackFromPNG() throws {
        let image = drawn(width: 37, height: 21)
        let grey = GreyImage(luminanceOf: image)
        let mask = MaskImage(width: 37, height: 21, pixels: grey.pixels.map { $0 > 120 })
        let file = TemporaryFile()
        try image.writePNG(path: file.path)
        #expect(try RGBImage(pngPath: file.path) == image)
        try grey.writePNG(path: file.path)
        #expect(try GreyImage(pngPath: file.path) == grey)
        try mask.writePNG(path: file.path)
        #expect(try MaskImage(pngPath: file.path) == mask)
        #expect(try Data(contentsOf: URL(filePath: file.path)).count < 400)
    }

    @Test func aPictureOverTheLimitIsRefusedFromItsHeader() throws {
        let file = TemporaryFile()
        try drawn(width: 40, height: 40).writePNG(path: file.path)
        #expect(throws: ImagingError.self) {
            try RGBImage(pngPath: file.path, limits: PictureLimits(maximumPixels: 1_599))
        }
    }

    @Test func whatIsNoPNGIsAnErrorOfOneLine() throws {
        let file = TemporaryFile()
        #expect(throws: ImagingError.self) { try RGBImage(pngPath: file.path) }
        try drawn(width: 40, height: 40).writePNG(path: file.path)
        let bytes = try Data(contentsOf: URL(filePath: file.path))
        for count in [0, 7, 20, bytes.count / 2] {
            try bytes.prefix(count).write(to: URL(filePath: file.path))
            #expect {
                try RGBImage(pngPath: file.path)
            } throws: { error in
                error is ImagingError && !"\(error)".contains("\n")
            }
        }
    }

    @Test func windowsReachingOutsideAreMirrored() throws {
        let image = RGBImage(width: 4, height: 1, pixels: [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
        let window = try image.pixelsReflectingOutside(in: PixelWindow(x: -5, y: 0, width: 15, height: 2))
        let row: [UInt8] = [1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3]
        #expect(stride(from: 0, to: 45, by: 3).map { window.pixels[$0] } == row)
        #expect(Array(window.pixels[..<45]) == Array(window.pixels[45...]))
        #expect(throws: SlideError.self) { try image.pixels(in: PixelWindow(x: 1, y: 0, width: 4, height: 1)) }
        #expect(throws: SlideError.self) {
            try image.pixels(in: PixelWindow(x: Int.max, y: 0, width: 4, height: 1))
        }
    }
}
