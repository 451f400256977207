import Foundation
import TIFF
import TestSupport
import Testing

/// JPEG images whose colours are not those that the photometric interpretation names.
@Suite struct JPEGColourTests {
    static let colour: [UInt8] = [209, 150, 189]

    /// 32 x 32 pixels of `colour`, whose luma and chroma are whole numbers but for the rounding.
    private static func patched(
        stored: PhotometricInterpretation, subsampling: Int = 1, tiled: Bool, planar: Bool = false
    ) throws -> PatchedTIFF {
        var layout = TIFFPageLayout(width: 32, height: 32, samplesPerPixel: 3)
        layout.photometricInterpretation = stored
        layout.chromaSubsampling = ChromaSubsampling(horizontal: subsampling, vertical: subsampling)
        layout.compression = .jpeg(quality: 100)
        layout.planarConfiguration = planar ? .separate : .contiguous
        layout.organisation = tiled ? .tiles(width: 16, height: 16) : .strips(rowsPerStrip: 16)
        return try PatchedTIFF(layout, samples: (0..<1024).flatMap { _ in colour })
    }

    private func expect(_ bytes: [UInt8], _ colour: [UInt8] = colour) throws {
        let file = try TemporaryFile(bytes)
        let pixels = try TIFFReader(path: file.path).wholeRGB()
        for (index, value) in pixels.enumerated() where abs(Int(value) - Int(colour[index % 3])) > 3 {
            Issue.record("\(pixels.prefix(3)) at \(index / 3), not \(colour)")
            return
        }
    }

    /// Aperio and VERSA write YCbCr under RGB; libtiff's tables are shared by all pieces, and have no marker.
    @Test(arguments: [1, 2], [true, false]) func yCbCrUnderRGBIsConverted(_ subsampling: Int, _ tiled: Bool) throws {
        var file = try Self.patched(stored: .yCbCr, subsampling: subsampling, tiled: tiled)
        try file.set(262, 2)
        try expect(file.bytes)
        try file.set(262, 1)
        try expect(file.bytes)
    }

    @Test(arguments: [true, false]) func rgbUnderYCbCrIsLeftAsItIs(_ tiled: Bool) throws {
        var file = try Self.patched(stored: .rgb, tiled: tiled)
        try expect(file.bytes)
        try file.set(262, 6)
        try expect(file.bytes)
    }

    /// The first tile, which tells, may be absent.
    @Test func theFirstTileThatIsThereTells() throws {
        var file = try Self.patched(stored: .yCbCr, subsampling: 2, tiled: true)
        try file.set(262, 2)
        try file.leaveOut(piece: 0)
        let temporary = try TemporaryFile(file.bytes)
        let pixels = try TIFFReader(path: temporary.path).wholeRGB()
        #expect(pixels.prefix(3) == [255, 255, 255])
        #expect(zip(pixels.suffix(3), Self.colour).allSatisfy { abs(Int($0) - Int($1)) <= 3 })
    }

    @Test func planesHaveNoColoursOfTheirOwn() throws {
        let file = try Self.patched(stored: .rgb, tiled: true, planar: true)
        try expect(file.bytes)
    }

    /// What Adobe's marker says of three components; `data` is YCbCr of a red.
    @Test(arguments: [(UInt8?.none, 2), (1, 2), (2, 2), (1, 6), (nil, 6)] as [(UInt8?, Int)])
    func markersOfYCbCrAreHeard(_ transform: UInt8?, _ photometric: Int) throws {
        for hasJFIF in [true, false] {
            let image = Self.image(adobe: transform, hasJFIF: hasJFIF)
            let file = JPEGTests.file(image, compression: 7, samples: 3, photometric: UInt32(photometric))
            try expect(file.bytes, [201, 40, 90])
        }
    }

    /// Adobe's 0 says that nothing was converted, and numbers that mean nothing leave it to the directory. Without
    /// subsampling, which RGB does not have.
    @Test func markersOfRGBAreHeard() throws {
        let file = try Self.patched(stored: .yCbCr, tiled: false)
        // Y, Cb and Cr of the colour, shown as they are.
        let stored: [UInt8] = [172, 138, 154]
        var renumbered = file
        renumbered.renumberComponents([0, 1, 2])
        try renumbered.set(262, 2)
        try expect(renumbered.bytes, stored)
        try renumbered.set(262, 6)
        try expect(renumbered.bytes)
        var named = file
        named.renumberComponents(Array("RGB".utf8))
        try expect(named.bytes, stored)
    }

    /// `JPEGTests.image` with or without its JFIF marker and with Adobe's.
    private static func image(adobe: UInt8?, hasJFIF: Bool) -> [UInt8] {
        let image = JPEGTests.image
        var bytes = Array(image[..<2])
        if hasJFIF { bytes += image[2..<20] }
        if let adobe {
            bytes += [0xFF, 0xEE, 0, 14]
            bytes += Array("Adobe".utf8)
            bytes += [0, 100, 0, 0, 0, 0, adobe]
        }
        return bytes + image[20...]
    }
}

extension PatchedTIFF {
    /// Gives the components of all JPEG images other numbers, in their frames and scans.
    fileprivate mutating func renumberComponents(_ numbers: [UInt8]) {
        for index in bytes.indices.dropLast(20) where bytes[index] == 0xFF {
            if bytes[index + 1] == 0xC0, bytes[index + 2] == 0, bytes[index + 3] == 17 {
                for component in 0..<3 { bytes[index + 10 + 3 * component] = numbers[component] }
            }
            if bytes[index + 1] == 0xDA, bytes[index + 2] == 0, bytes[index + 3] == 12 {
                for component in 0..<3 { bytes[index + 5 + 2 * component] = numbers[component] }
            }
        }
    }
}
