import Imaging
import Slides
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

    /// As arrays of planes are written: a page, or a sample, of each object or class.
    @Test(arguments: [1, 2]) func aMaskOfSeveralPicturesIsRefused(samples: Int) throws {
        let file = TemporaryFile()
        var layout = TIFFPageLayout(width: 16, height: 16, samplesPerPixel: samples)
        layout.extraSamples = samples > 1 ? [.unspecified] : []
        var writer = try TIFFWriter(path: file.path)
        for _ in 0..<(samples == 1 ? 2 : 1) {
            try writer.beginPage(layout)
            try writer.writeRows([UInt8](repeating: 255, count: 256 * samples).span)
        }
        try writer.finish()
        let error = #expect(throws: ImagingError.self) { try MaskImage(tiffPath: file.path) }
        #expect("\(error as Any)".contains(samples == 1 ? "2 pictures" : "2 grey channels"), "\(error as Any)")
    }

    /// Rows of digits, each of 4 x 4 pixels.
    private func drawn(_ rows: [String], side: Int = 4) -> (layout: TIFFPageLayout, values: [UInt8]) {
        let values: [UInt8] = rows.flatMap { (row: String) -> [UInt8] in
            let line = row.utf8.flatMap { [UInt8](repeating: $0 - 48, count: side) }
            return [[UInt8]](repeating: line, count: side).flatMap(\.self)
        }
        return (TIFFPageLayout(width: rows[0].count * side, height: rows.count * side), values)
    }

    /// Stroma and glands, greys at edges: which is the structure?
    @Test(arguments: [["1111", "1212", "1111"], ["0110", "0220", "2110"], ["2030", "0000", "3020"]])
    func severalValuesInSeveralPlacesEachAreRefused(rows: [String]) throws {
        let (layout, values) = drawn(rows)
        let error = #expect(throws: ImagingError.self) { try mask(layout, values) }
        #expect("\(error as Any)".contains("values besides 0"), "\(error as Any)")
    }

    /// A number for each object, also where they touch, and along corners; and one number for all.
    @Test(arguments: [
        ["0120", "0120", "3004"], ["1010", "0101", "1010"], ["0111", "0222", "0000"], ["1001", "0000", "1001"],
    ])
    func aNumberForEachObjectOrForAllIsAMask(rows: [String]) throws {
        let (layout, values) = drawn(rows)
        #expect(try mask(layout, values).pixels == values.map { $0 != 0 })
    }

    /// A ring, whose halves the rows meet one after the other, is one place.
    @Test func aPlaceIsWholeHoweverItsRowsMeet() throws {
        let (layout, values) = drawn(["20333", "20303", "20333", "22000"], side: 1)
        #expect(try mask(layout, values).foregroundCount == 13)
    }

    @Test(arguments: [Float.nan, 0.9, .infinity]) func whatIsNoWholeNumberIsRefused(value: Float) throws {
        var layout = TIFFPageLayout(width: 3, height: 2, bitsPerSample: 32)
        layout.sampleFormat = .floatingPoint
        let error = #expect(throws: ImagingError.self) { try mask(layout, [0, 1, 0, 0, value, 1]) }
        #expect("\(error as Any)".contains("it holds fractions"))
        #expect(try mask(layout, [0, 1, -0.0, 0, 0, 1] as [Float]).pixels == [false, true, false, false, false, true])
    }

    @Test func shadesOf16BitsAreNoObjects() throws {
        let values: [UInt16] = (0..<1_024).map { (index: Int) -> UInt16 in index % 32 == 0 ? 0 : UInt16(7 * index) }
        #expect(throws: ImagingError.self) {
            try mask(TIFFPageLayout(width: 32, height: 32, bitsPerSample: 16), values)
        }
    }

    @Test func coloursOfAPictureAreToldApart() throws {
        let (purple, green): ([UInt8], [UInt8]) = ([90, 20, 120], [0, 120, 0])
        let file = TemporaryFile()
        func picture(_ colours: [[UInt8]]) -> RGBImage {
            RGBImage(width: 4, height: 1, pixels: colours.flatMap(\.self))
        }
        try picture([purple, [0, 0, 0], purple, green]).writePNG(path: file.path)
        #expect(throws: ImagingError.self) { try MaskImage(pngPath: file.path) }
        try picture([purple, [0, 0, 0], purple, purple]).writePNG(path: file.path)
        #expect(try MaskImage(pngPath: file.path).pixels == [true, false, true, true])
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
