import Foundation
import TIFF
import TestSupport
import Testing

@Suite struct JPEG2000Tests {
    /// 8 x 8 grey pixels from 0 to 63, without loss.
    static let codestream: [UInt8] = Array(
        Data(
            base64Encoded: """
                /0//UQApAAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAABBwEB/1IADAAAAAEAAAQEAAH/XAAEQED/ZAAlAAFDcmVhdGVk\
                IGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAABIAAH/k9+BuBIrZxaPj4ydYDCPaMh8zEvLTMwSjDwAYBUeAE8B+0o82H5s\
                PzYFrq4TrfW0urY2+b5vm+b5vm//2Q==
                """) ?? Data())

    static func file(compression: UInt32 = 34712, codestream: [UInt8] = codestream) -> HandmadeTIFF {
        var file = HandmadeTIFF()
        file.pixels = codestream
        file.set(259, type: 3, compression)
        file.set(279, UInt32(codestream.count))
        return file
    }

    @Test(arguments: [UInt32(33003), 33005, 34712]) func samplesComeBack(_ compression: UInt32) throws {
        let file = try TemporaryFile(Self.file(compression: compression).bytes)
        let reader = try TIFFReader(path: file.path)
        let directory = try #require(reader.directories.first).get()
        let samples = try reader.readSamples(directory, window: PixelWindow(x: 0, y: 0, width: 8, height: 8))
        #expect(samples.bytes == Array(0..<64))
    }

    /// 8 x 8 pixels of Y 172, Cb 138, Cr 154, without loss and without a transform of the components.
    static let yCbCr: [UInt8] = Array(
        Data(
            base64Encoded: """
                /0//UQAvAAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAADBwEBBwEBBwEB/1IADAAAAAEAAAQEAAH/XAAEQED/\
                ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAAA/AAH/k8fUGhQAXKKDVigAAAAwkJfB8gsU\
                AFyifbaQAAMJCMPnIBQAXK/5zYAAAYSEaoUMJCX/2Q==
                """) ?? Data())

    /// Aperio's 33003 under PhotometricInterpretation RGB, whose default of ReferenceBlackWhite is not YCbCr's.
    @Test(arguments: [(UInt32(33003), UInt32(2)), (33003, 6), (34712, 6), (33003, 1)])
    func yCbCrIsConverted(_ compression: UInt32, _ photometric: UInt32) throws {
        var handmade = Self.file(compression: compression, codestream: Self.yCbCr)
        handmade.set(262, type: 3, photometric)
        handmade.set(277, type: 3, 3)
        let file = try TemporaryFile(handmade.bytes)
        let pixels = try TIFFReader(path: file.path).wholeRGB()
        #expect(pixels == Array(repeating: [208, 150, 190], count: 64).flatMap { $0 })
    }

    @Test func anImageOfAnotherSizeIsRefused() throws {
        var handmade = Self.file()
        handmade.set(256, 7)
        let file = try TemporaryFile(handmade.bytes)
        let reader = try TIFFReader(path: file.path)
        let directory = try #require(reader.directories.first).get()
        let error = #expect(throws: TIFFError.self) { try reader.statistics(of: directory) }
        #expect(error?.kind == .malformed)
    }

    @Test func everyTruncationIsReadOrRefused() throws {
        for length in Self.codestream.indices {
            let file = try TemporaryFile(Self.file(codestream: Array(Self.codestream[..<length])).bytes)
            Hostile.readEverything(file.path)
        }
    }

    @Test func everyBrokenByteIsReadOrRefused() throws {
        for index in Self.codestream.indices {
            for value in [UInt8(0), 1, 255] {
                var codestream = Self.codestream
                codestream[index] = value
                let file = try TemporaryFile(Self.file(codestream: codestream).bytes)
                Hostile.readEverything(file.path)
            }
        }
    }
}
