import Imaging
import TIFF
import TestSupport
import Testing

@Suite struct MaskImageTests {
    @Test(arguments: [(1, false), (1, true), (8, false)])
    func masksAreReadFromTIFF(bitsPerSample: Int, isMinWhite: Bool) throws {
        var layout = TIFFPageLayout(width: 3, height: 2, bitsPerSample: bitsPerSample)
        if isMinWhite { layout.photometricInterpretation = .minIsWhite }
        let values: [UInt8] = isMinWhite ? [1, 0, 1, 1, 1, 0] : [0, 1, 0, 0, 0, 1]
        let mask = try mask(layout, values)
        #expect(mask.pixels == [false, true, false, false, false, true])
    }

    /// As `tifffile.imwrite` writes an array of booleans, and ImageJ a picture shown by an inverted table.
    @Test(
        arguments: [
            ("tifffile.py", nil), (nil, "{\"shape\": [2, 3]}"), (nil, "ImageJ=1.54f\nmin=0.0"),
        ] as [(String?, String?)])
    func ofAnArrayWhatIsNotZeroIsForeground(software: String?, description: String?) throws {
        for bits in [1, 8] {
            var layout = TIFFPageLayout(width: 3, height: 2, bitsPerSample: bits)
            layout.photometricInterpretation = .minIsWhite
            layout.software = software
            layout.imageDescription = description
            let marked: UInt8 = bits == 1 ? 1 : 255
            #expect(try mask(layout, [0, marked, 0, 0, 0, marked]).pixels == [false, true, false, false, false, true])
        }
    }

    @Test func smallNumbersIn16BitsAreForeground() throws {
        let values: [UInt16] = [0, 1, 0, 0, 0, 256]
        let mask = try mask(TIFFPageLayout(width: 3, height: 2, bitsPerSample: 16), values)
        #expect(mask.pixels == [false, true, false, false, false, true])
    }

    /// Two tiles, of which the writer never wrote the first.
    @Test(arguments: [PhotometricInterpretation.minIsWhite, .minIsBlack])
    func nothingIsMarkedInWhatTheFileLeavesOut(_ photometric: PhotometricInterpretation) throws {
        let file = TemporaryFile()
        var layout = TIFFPageLayout(width: 32, height: 16)
        layout.organisation = .tiles(width: 16, height: 16)
        layout.photometricInterpretation = photometric
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        let marked = [UInt8](repeating: photometric == .minIsWhite ? 0 : 255, count: 256)
        try writer.writeTile(column: 1, row: 0, marked.span)
        try writer.finish()
        let mask = try MaskImage(tiffPath: file.path)
        #expect(mask.pixels == (0..<512).map { $0 % 32 >= 16 })
    }

    /// In JPEG what is nothing is not 0 near every edge; and what is to be turned lies elsewhere on the scan.
    @Test(arguments: [false, true]) func aMaskIsRefusedWhosePixelsAreNotWhatWasDrawn(isTurned: Bool) throws {
        var layout = TIFFPageLayout(width: 16, height: 16)
        if isTurned { layout.orientation = .bottomRight } else { layout.compression = .jpeg(quality: 90) }
        let error = #expect(throws: ImagingError.self) {
            try mask(layout, (0..<256).map { UInt8($0 % 16 < 5 ? 255 : 0) })
        }
        #expect("\(error as Any)".contains(isTurned ? "it is to be turned" : "it is in JPEG"))
    }

    private func mask<Sample: BitwiseCopyable>(_ layout: TIFFPageLayout, _ values: [Sample]) throws -> MaskImage {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        try writer.writeRows(values.span)
        try writer.finish()
        return try MaskImage(tiffPath: file.path)
    }
}
