import Foundation
import TIFF
import TestSupport
import Testing

/// Every lossless flavour gives back the samples that were written.
@Suite struct RoundTripTests {
    struct Flavour: Sendable, CustomTestStringConvertible {
        var samples = 3
        var bits = 8
        var format = SampleFormat.unsigned
        var compression = TIFFPageLayout.Compression.none
        var predictor = TIFFPageLayout.Predictor.none
        var planar = PlanarConfiguration.contiguous
        var organisation = TIFFOrganisation.strips(rowsPerStrip: 7)
        var isBigTIFF = false
        var byteOrder = TIFFWriter.ByteOrder.machine
        var testDescription: String {
            "\(samples) x \(bits) bits \(format), \(compression), \(predictor), \(planar), \(organisation), \(byteOrder)"
        }
    }

    static let flavours: [Flavour] = {
        let compressions: [TIFFPageLayout.Compression] = [.none, .lzw, .deflate, .packBits, .zstd, .lzma]
        let organisations: [TIFFOrganisation] = [.strips(rowsPerStrip: 7), .tiles(width: 32, height: 16)]
        var all: [Flavour] = []
        for compression in compressions {
            for organisation in organisations {
                for planar in [PlanarConfiguration.contiguous, .separate] {
                    all.append(Flavour(compression: compression, planar: planar, organisation: organisation))
                }
            }
        }
        for bits in [1, 2, 4, 8, 12, 16, 32, 64] {
            for organisation in organisations {
                for byteOrder in [TIFFWriter.ByteOrder.littleEndian, .bigEndian] {
                    all.append(
                        Flavour(
                            samples: 1, bits: bits, compression: .deflate, organisation: organisation,
                            isBigTIFF: true, byteOrder: byteOrder))
                }
            }
        }
        for format in [SampleFormat.signed, .floatingPoint] {
            for byteOrder in [TIFFWriter.ByteOrder.littleEndian, .bigEndian] {
                all.append(Flavour(bits: 32, format: format, compression: .lzw, byteOrder: byteOrder))
            }
        }
        all.append(Flavour(bits: 16, compression: .lzw, predictor: .horizontal))
        all.append(Flavour(bits: 32, format: .floatingPoint, compression: .zstd, predictor: .floatingPoint))
        all.append(Flavour(compression: .webPLossless, organisation: .strips(rowsPerStrip: 50)))
        all.append(Flavour(samples: 1, bits: 1, compression: .ccittGroup4))
        all.append(Flavour(samples: 1, bits: 1, compression: .ccittGroup3))
        return all
    }()

    @Test(arguments: flavours) func samplesSurvive(_ flavour: Flavour) throws {
        let (width, height) = (61, 43)
        let byteCount = flavour.bits <= 8 ? 1 : flavour.bits == 12 ? 2 : flavour.bits / 8
        let content = Noise.samples(count: width * height * flavour.samples, bits: flavour.bits, byteCount: byteCount)
        let file = TemporaryFile()
        var layout = TIFFPageLayout(
            width: width, height: height, samplesPerPixel: flavour.samples, bitsPerSample: flavour.bits,
            sampleFormat: flavour.format)
        layout.compression = flavour.compression
        layout.predictor = flavour.predictor
        layout.planarConfiguration = flavour.planar
        layout.organisation = flavour.organisation
        var writer = try TIFFWriter(path: file.path, isBigTIFF: flavour.isBigTIFF, byteOrder: flavour.byteOrder)
        try writer.beginPage(layout)
        try writer.writeRows(content)
        try writer.finish()

        let reader = try TIFFReader(path: file.path)
        #expect(reader.isBigTIFF == flavour.isBigTIFF)
        let directory = try #require(try reader.directories.first?.get())
        let whole = try reader.readSamples(directory, window: PixelWindow(x: 0, y: 0, width: width, height: height))
        let wholeSurvives = whole.bytes == content
        #expect(wholeSurvives)

        let window = PixelWindow(x: 13, y: 9, width: 31, height: 30)
        let part = try reader.readSamples(directory, window: window)
        let pixelBytes = flavour.samples * byteCount
        var expected: [UInt8] = []
        for y in window.y..<window.y + window.height {
            let start = (y * width + window.x) * pixelBytes
            expected += content[start..<start + window.width * pixelBytes]
        }
        let partSurvives = part.bytes == expected
        #expect(partSurvives)
    }
}

/// A seeded generator of samples (xorshift64, Marsaglia 2003).
enum Noise {
    static func samples(count: Int, bits: Int, byteCount: Int, seed: UInt64 = 88_172_645_463_325_252) -> [UInt8] {
        var state = seed
        var result: [UInt8] = []
        for _ in 0..<count {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            // Small enough to be an ordinary number in any floating-point format.
            let value = bits >= 32 ? state >> 34 : state >> 11 & (1 << UInt64(bits) - 1)
            for byte in 0..<byteCount { result.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
        }
        return result
    }
}
