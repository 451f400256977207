import Foundation
import TIFF
import TestSupport
import Testing

/// JPEG that the usual path through libtiff does not decode, or not as others do.
@Suite struct JPEGTests {
    /// 8 x 8 grey pixels from 0 to 63, by the lossless process.
    static let lossless: [UInt8] = Array(
        Data(
            base64Encoded: """
                /9j/xAAXAAEBAQEAAAAAAAAAAAAAAAADBAEI/8MACwgACAAIAQARAP/aAAgBAAAGAADn/d3d3aEREREoREREShERERKERERE\
                oREREShERERKEREREP/Z
                """) ?? Data())

    /// 8 x 8 pixels of red 201, green 40 and blue 90, chroma at half the resolution.
    static let image: [UInt8] = Array(
        Data(
            base64Encoded: """
                /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsI\
                CQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK\
                CgoKCgoKCgoKCgoKCgr/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAj/xAAUEAEAAAAAAAAAAAAA\
                AAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAn/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCdwB1MH//Z
                """) ?? Data())

    static func file(_ data: [UInt8], compression: UInt32, samples: UInt32 = 1, photometric: UInt32 = 1) -> HandmadeTIFF
    {
        var file = HandmadeTIFF()
        file.pixels = data
        file.set(259, type: 3, compression)
        file.set(262, type: 3, photometric)
        file.set(277, type: 3, samples)
        file.set(279, UInt32(data.count))
        return file
    }

    private func samples(_ handmade: HandmadeTIFF) throws -> [UInt8] {
        let file = try TemporaryFile(handmade.bytes)
        let reader = try TIFFReader(path: file.path)
        let directory = try #require(reader.directories.first).get()
        return try reader.readSamples(directory, window: PixelWindow(x: 0, y: 0, width: 8, height: 8)).bytes
    }

    @Test(arguments: [UInt32(6), 7]) func losslessSamplesComeBack(_ compression: UInt32) throws {
        #expect(try samples(Self.file(Self.lossless, compression: compression)) == Array(0..<64))
    }

    /// 7: the standard's number; 6: old-style JPEG whose strip is an image by itself; the others: what some writers use.
    @Test(arguments: [UInt32(7), 6, 33007, 34892]) func colourComesAsRGB(_ compression: UInt32) throws {
        let file = Self.file(Self.image, compression: compression, samples: 3, photometric: 6)
        #expect(try samples(file) == Array(repeating: [201, 40, 90], count: 64).flatMap { $0 })
    }

    @Test func losslessOfAnotherSizeIsRefused() throws {
        var file = Self.file(Self.lossless, compression: 7)
        file.set(256, 9)
        let error = #expect(throws: TIFFError.self) { try samples(file) }
        #expect(error?.kind == .unsupported)
    }

    @Test(arguments: [lossless, image]) func everyTruncationAndBrokenByteIsReadOrRefused(_ data: [UInt8]) throws {
        for index in data.indices {
            let cut = try TemporaryFile(Self.file(Array(data[..<index]), compression: 6).bytes)
            Hostile.readEverything(cut.path)
            for value in [UInt8(0), 1, 255] {
                var broken = data
                broken[index] = value
                let file = try TemporaryFile(Self.file(broken, compression: 7).bytes)
                Hostile.readEverything(file.path)
            }
        }
    }
}
