import TIFF
import TestSupport
import Testing

/// What a pipeline sees of each kind of pixel.
@Suite struct RGBTests {
    struct Pixel: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let layout: TIFFPageLayout
        let bytes: [UInt8]
        let expected: [UInt8]

        init(
            _ description: String, samples: Int = 1, bits: Int = 8, format: SampleFormat = .unsigned, _ bytes: [UInt8],
            _ expected: [UInt8], _ change: (inout TIFFPageLayout) -> Void = { _ in }
        ) {
            var layout = TIFFPageLayout(
                width: 1, height: 1, samplesPerPixel: samples, bitsPerSample: bits, sampleFormat: format)
            change(&layout)
            (testDescription, self.layout, self.bytes, self.expected) = (description, layout, bytes, expected)
        }
    }

    static let pixels: [Pixel] = [
        Pixel("grey", [7], [7, 7, 7]),
        Pixel("1 bit", bits: 1, [1], [255, 255, 255]),
        Pixel("4 bits", bits: 4, [8], [136, 136, 136]),
        Pixel("12 bits", bits: 12, [0xFF, 0x0F], [255, 255, 255]),
        Pixel("16 bits", bits: 16, [0x00, 0x80], [128, 128, 128]),
        Pixel("32 bits", bits: 32, [0, 0, 0, 0x80], [128, 128, 128]),
        Pixel("64 bits", bits: 64, [0, 0, 0, 0, 0, 0, 0, 0x40], [64, 64, 64]),
        Pixel("signed", format: .signed, [0x80], [0, 0, 0]),
        // 0.25, in an image that lies in 0...1.
        Pixel("float", bits: 32, format: .floatingPoint, [0, 0, 0x80, 0x3E], [64, 64, 64]),
        // 100.0, in an image that lies in 0...255.
        Pixel("float of bytes", bits: 32, format: .floatingPoint, [0, 0, 0xC8, 0x42], [100, 100, 100]),
        Pixel("not a number", bits: 32, format: .floatingPoint, [0, 0, 0xC0, 0x7F], [255, 255, 255]),
        Pixel("not a number, min-is-white", bits: 32, format: .floatingPoint, [0, 0, 0xC0, 0x7F], [255, 255, 255]) {
            $0.photometricInterpretation = .minIsWhite
        },
        Pixel("min-is-white", [7], [248, 248, 248]) { $0.photometricInterpretation = .minIsWhite },
        Pixel("RGB", samples: 3, [1, 2, 3], [1, 2, 3]),
        Pixel("three samples said to be grey", samples: 3, [1, 2, 3], [1, 2, 3]) {
            $0.photometricInterpretation = .minIsBlack
        },
        Pixel("an unknown fourth sample", samples: 4, [1, 2, 3, 0], [1, 2, 3]) { $0.extraSamples = [.unspecified] },
        Pixel("alpha", samples: 4, [0, 100, 200, 51], [204, 224, 244]) { $0.extraSamples = [.unassociatedAlpha] },
        Pixel("premultiplied alpha", samples: 4, [0, 20, 40, 51], [204, 224, 244]) {
            $0.extraSamples = [.associatedAlpha]
        },
        Pixel("grey and alpha", samples: 2, [100, 0], [255, 255, 255]) { $0.extraSamples = [.unassociatedAlpha] },
        Pixel("CMYK", samples: 4, [255, 0, 0, 0], [0, 255, 255]) { $0.photometricInterpretation = .separated },
        Pixel("CMY", samples: 3, [255, 0, 100], [0, 255, 155]) { $0.photometricInterpretation = .separated },
        Pixel("CMYK with black", samples: 4, [0, 0, 255, 127], [128, 128, 0]) {
            $0.photometricInterpretation = .separated
        },
        // The red of ITU-R BT.601.
        Pixel("YCbCr", samples: 3, [76, 85, 255], [254, 0, 0]) {
            $0.photometricInterpretation = .yCbCr
        },
        Pixel("L*a*b* white", samples: 3, [255, 0, 0], [255, 255, 255]) { $0.photometricInterpretation = .cieLab },
        // sRGB red is L* 54.29, a* 80.81, b* 69.89 under D50.
        Pixel("L*a*b* red", samples: 3, [138, 81, 70], [254, 0, 0]) { $0.photometricInterpretation = .cieLab },
        Pixel("palette", [2], [0x12, 0x34, 0x56]) { layout in
            layout.photometricInterpretation = .palette
            layout.colourMap = [UInt16(0x1234), 0x3456, 0x5678].map { value in (0..<256).map { $0 == 2 ? value : 0 } }
        },
    ]

    @Test(arguments: pixels) func pixelIsConverted(_ pixel: Pixel) throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(pixel.layout)
        try writer.writeRows(pixel.bytes)
        try writer.finish()
        let reader = try TIFFReader(path: file.path)
        let directory = try #require(reader.directories.first).get()
        let rgb = try reader.readRGB(directory, window: PixelWindow(x: 0, y: 0, width: 1, height: 1))
        for (value, expected) in zip(rgb.bytes, pixel.expected) {
            #expect(abs(Int(value) - Int(expected)) <= 1, "\(rgb.bytes)")
        }
    }

    static let displayed: [(Orientation, [UInt8])] = [
        (.topLeft, [1, 2, 3, 4, 5, 6]), (.topRight, [3, 2, 1, 6, 5, 4]), (.bottomRight, [6, 5, 4, 3, 2, 1]),
        (.bottomLeft, [4, 5, 6, 1, 2, 3]), (.leftTop, [1, 4, 2, 5, 3, 6]), (.rightTop, [4, 1, 5, 2, 6, 3]),
        (.rightBottom, [6, 3, 5, 2, 4, 1]), (.leftBottom, [3, 6, 2, 5, 1, 4]),
    ]

    @Test(arguments: displayed) func orientationIsApplied(_ orientation: Orientation, _ expected: [UInt8]) throws {
        let file = TemporaryFile()
        var layout = TIFFPageLayout(width: 3, height: 2)
        layout.orientation = orientation
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        try writer.writeRows([1, 2, 3, 4, 5, 6] as [UInt8])
        try writer.finish()
        let reader = try TIFFReader(path: file.path)
        let directory = try #require(reader.directories.first).get()
        let (width, height) = (directory.displayedWidth, directory.displayedHeight)
        for y in 0..<height {
            for x in 0..<width {
                let pixel = try reader.readRGB(directory, window: PixelWindow(x: x, y: y, width: 1, height: 1))
                #expect(pixel.bytes[0] == expected[y * width + x])
            }
        }
        let whole = try reader.readRGB(directory, window: PixelWindow(x: 0, y: 0, width: width, height: height))
        #expect(whole.bytes == expected.flatMap { [$0, $0, $0] })
    }
}
