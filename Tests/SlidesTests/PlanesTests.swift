import Slides
import TIFF
import Testing

/// Images whose colours, focal planes and times are pages of their own.
@Suite struct PlanesTests {
    private static func ome(
        c: Int = 1, z: Int = 1, t: Int = 1, order: String = "XYCZT", channels: String = "",
        blocks: String = "<TiffData/>",
        root: String = ""
    ) -> String {
        "<?xml version=\"1.0\"?><OME \(root)><Image ID=\"Image:0\"><Pixels DimensionOrder=\"\(order)\" SizeX=\"64\" SizeY=\"48\""
            + " SizeC=\"\(c)\" SizeZ=\"\(z)\" SizeT=\"\(t)\">\(channels)\(blocks)</Pixels></Image></OME>"
    }

    private static func scan(_ description: String, _ pages: [[UInt8]], channels: [Int]? = nil) throws -> any ScanFile {
        var limits = ReadingLimits.default
        limits.colour = ColourReading(channels: channels)
        return try DrawnTIFF.scan(
            pages.map { samples in DrawnTIFF.Page(64, 48, samples) { $0.imageDescription = description } },
            limits: limits)
    }

    private static let colours: [[UInt8]] = [[200], [100], [150]]
    private static func named(_ names: [String]) -> String {
        names.map { "<Channel Name=\"\($0)\" SamplesPerPixel=\"1\"/>" }.joined()
    }

    @Test(
        arguments: [
            (ome(c: 3), [200, 100, 150]),
            (ome(c: 3, channels: named(["Red", "Green", "Blue"])), [200, 100, 150]),
            (ome(c: 3, channels: named(["Blue", "Green", "Red"])), [150, 100, 200]),
            (ome(c: 3, channels: named(["Channel 0", "Channel 1", "Channel 2"])), [200, 100, 150]),
            (
                ome(c: 3, channels: ["65535", "16711935", "-16776961"].map { "<Channel Color=\"\($0)\"/>" }.joined()),
                [150, 100, 200]
            ),
            (
                ome(c: 3, blocks: (0..<3).map { "<TiffData FirstC=\"\($0)\" IFD=\"\(2 - $0)\"/>" }.joined()),
                [150, 100, 200]
            ),
            ("ImageJ=1.53t\nimages=3\nchannels=3\nmode=composite\n", [200, 100, 150]),
        ] as [(String, [UInt8])]) func brightfieldColoursAreJoined(_ description: String, _ expected: [UInt8]) throws
    {
        let scan = try Self.scan(description, Self.colours)
        #expect(try scan.firstPixel() == expected)
        #expect(scan.pyramids.count == 1)
        #expect(scan.pyramids[0].remarks.contains { $0.contains("were joined") })
    }

    /// Of each channel a look-up table from black to its colour; cyan, magenta and yellow are no brightfield.
    @Test(
        arguments: [
            ([0x0000FF, 0x00FF00, 0xFF0000], [150, 100, 200]), ([0xFFFFFF, 0xFFFFFF, 0xFFFFFF], [200, 100, 150]),
            ([0x00FFFF, 0xFF00FF, 0xFFFF00], nil),
        ] as [([Int], [UInt8]?)]) func lookUpTablesOfImageJTell(_ colours: [Int], _ expected: [UInt8]?) throws
    {
        func words(_ values: [Int]) -> [UInt8] {
            values.flatMap { value in (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
        }
        let header = Array("JIJIstul".utf8) + words([3])
        let tables = colours.flatMap { colour in
            [16, 8, 0].flatMap { shift in (0..<256).map { UInt8($0 * (colour >> shift & 255) / 255) } }
        }
        let sizes = DrawnTIFF.Tag(number: 50838, instead: 282, type: 4, count: 4, bytes: words([12, 768, 768, 768]))
        let metadata = DrawnTIFF.Tag(
            number: 50839, instead: 305, type: 1, count: 12 + tables.count, bytes: header + tables)
        let pages = Self.colours.map { samples in
            DrawnTIFF.Page(64, 48, samples) {
                $0.imageDescription = "ImageJ=1.53t\nimages=3\nchannels=3\nmode=composite\n"
            }
        }
        let scan = try DrawnTIFF.scan(pages, tags: [sizes, metadata])
        if let expected {
            #expect(try scan.firstPixel() == expected)
        } else {
            #expect(throws: SlideError.self) { try scan.mainPyramid() }
        }
    }

    @Test func threeGreyPagesAreColours() throws {
        let scan = try DrawnTIFF.scan(Self.colours.map { DrawnTIFF.Page(64, 48, $0) })
        #expect(try scan.firstPixel() == [200, 100, 150])
        #expect(scan.pyramids.count == 1 && scan.pyramids[0].remarks.count == 1)
        // Two, or four, or other sizes are images.
        #expect(try DrawnTIFF.scan((0..<4).map { DrawnTIFF.Page(64, 48, [$0]) }).pyramids.count == 4)
    }

    @Test(arguments: [
        (ome(c: 3, channels: named(["DAPI", "FITC", "TRITC"])), 3),
        (ome(c: 3, channels: (0..<3).map { "<Channel EmissionWavelength=\"\(450 + 60 * $0)\"/>" }.joined()), 3),
        (ome(c: 4), 4), (ome(c: 2), 2), ("ImageJ=1.53t\nimages=5\nchannels=5\nmode=composite\n", 5),
    ]) func otherChannelsAreRefusedByName(_ description: String, _ count: Int) throws {
        let pages = (0..<count).map { [UInt8(10 * $0)] }
        let error = #expect(throws: SlideError.self) { try Self.scan(description, pages).mainPyramid() }
        #expect(error?.kind == .unsupported)
        #expect(error?.message.contains("colour.channels") == true)
        #expect(error?.message.contains("DAPI") == description.contains("DAPI"))
        // Unless the pipeline says which is which.
        let scan = try Self.scan(description, pages, channels: [2, 1, 2])
        #expect(try scan.firstPixel() == [10, 0, 10])
    }

    /// As PerkinElmer's QPTIFF has them, three of which are no colours.
    @Test(arguments: [2, 3, 4]) func stainsInPagesOfTheirOwnAreRefused(count: Int) throws {
        func scan(channels: [Int]? = nil) throws -> any ScanFile {
            var limits = ReadingLimits.default
            limits.colour = ColourReading(channels: channels)
            let pages = ["DAPI", "Opal 520", "CD8 (Opal 690)", "Sample AF"].prefix(count).enumerated().map { page in
                DrawnTIFF.Page(64, 48, [UInt8(10 * page.offset)]) {
                    $0.imageDescription =
                        "<?xml version=\"1.0\"?><PerkinElmer-QPI-ImageDescription><ImageType>FullResolution</ImageType>"
                        + "<Name>\(page.element)</Name></PerkinElmer-QPI-ImageDescription>"
                }
            }
            return try DrawnTIFF.scan(pages, limits: limits)
        }
        let error = #expect(throws: SlideError.self) { try scan().mainPyramid() }
        #expect(error?.message.hasPrefix("\(count) channels (DAPI, Opal") == true, "\(error?.message ?? "")")
        #expect(try scan(channels: [2, 1, 2]).firstPixel() == [10, 0, 10])
    }

    @Test(arguments: [
        (ome(c: 3, z: 3), 3, "of 3 focal planes the middle one, 2, was analysed"),
        (ome(c: 3, t: 5), 5, "of 5 times the middle one, 3, was analysed"),
    ]) func theMiddlePlaneIsAnalysed(_ description: String, _ count: Int, _ remark: String) throws {
        let scan = try Self.scan(description, (0..<count).map { [UInt8(10 * $0), 1, 2] })
        #expect(try scan.firstPixel() == [UInt8(count / 2 * 10), 1, 2])
        #expect(scan.pyramids.map(\.remarks) == [[remark]])
    }

    @Test(
        arguments: [
            ("XYCZT", [30, 40, 50]), ("XYZCT", [10, 40, 70]),
            // No order of these axes: then the usual one.
            ("XYZCTZ", [30, 40, 50]), ("XYZZCCTT", [30, 40, 50]), ("XYZ", [30, 40, 50]),
        ] as [(String, [UInt8])])
    func planesAreCountedInTheirOrder(_ order: String, _ expected: [UInt8]) throws {
        let scan = try Self.scan(Self.ome(c: 3, z: 3, order: order), (0..<9).map { [UInt8(10 * $0)] })
        #expect(try scan.firstPixel() == expected)
    }

    @Test func planesInOtherFilesAreNamed() throws {
        let blocks = (0..<3).map {
            "<TiffData FirstC=\"\($0)\" IFD=\"0\"><UUID FileName=\"f\($0)\">u\($0)</UUID></TiffData>"
        }
        let colours = Self.ome(c: 3, blocks: blocks.joined(), root: "UUID=\"u0\"")
        let error = #expect(throws: SlideError.self) { try Self.scan(colours, [[7]]).mainPyramid() }
        #expect(error?.message.contains("another file") == true)
        let times = (0..<3).map {
            "<TiffData FirstT=\"\($0)\" IFD=\"0\"><UUID FileName=\"f\($0)\">u\($0)</UUID></TiffData>"
        }
        let series = Self.ome(c: 3, t: 3, blocks: times.joined(), root: "UUID=\"u1\"")
        let scan = try Self.scan(series, [[7, 8, 9]])
        #expect(scan.pyramids[0].remarks.contains("other planes of the scan lie in another file"))
    }

    /// Without the file's own identifier nobody knows which of several are its own.
    @Test(arguments: [(["a", "b", "c"], nil), (["a", "a", "a"], [200, 100, 150])] as [([String], [UInt8]?)])
    func planesOfSeveralFilesAreRefusedWhereTheFileHasNoName(_ files: [String], _ expected: [UInt8]?) throws {
        let blocks = files.enumerated().map {
            "<TiffData FirstC=\"\($0)\" IFD=\"\($0)\"><UUID>\($1)</UUID></TiffData>"
        }
        let scan = try Self.scan(Self.ome(c: 3, blocks: blocks.joined()), Self.colours)
        if let expected {
            #expect(try scan.firstPixel() == expected)
        } else {
            let error = #expect(throws: SlideError.self) { try scan.mainPyramid() }
            #expect(error?.kind == .unsupported)
        }
    }

    /// Each of many blocks claims all directories.
    @Test(.timeLimit(.minutes(1))) func blocksWithoutEndCostNoTime() throws {
        let block = "<TiffData IFD=\"0\" PlaneCount=\"1000000\"/>"
        let description = Self.ome(t: 1_000_000, blocks: String(repeating: block, count: 20_000))
        var pages = (0..<300).map { _ in DrawnTIFF.Page(64, 48, [1]) }
        pages[0].layout.imageDescription = description
        #expect(throws: SlideError.self) { try DrawnTIFF.scan(pages).mainPyramid() }
    }

    /// TIFF/EP and DNG: a thumbnail, and the picture behind it.
    @Test func thePictureBehindAThumbnailIsAnalysed() throws {
        let scan = try DrawnTIFF.scan([
            DrawnTIFF.Page(16, 12, [1, 1, 1]) {
                $0.subfileType = .reducedResolution
                $0.subdirectoryCount = 1
            },
            DrawnTIFF.Page(64, 48, [9, 8, 7]),
        ])
        #expect(scan.pyramids.map { $0.levels.map(\.width) } == [[64]])
        #expect(scan.associatedImages.map(\.role) == [.thumbnail])
        #expect(try scan.firstPixel() == [9, 8, 7])
    }

    @Test func theThumbnailBeforeAPictureIsNone() throws {
        let scan = try DrawnTIFF.scan([
            DrawnTIFF.Page(16, 12, [1, 1, 1]) { $0.subfileType = .reducedResolution },
            DrawnTIFF.Page(64, 48, [9, 8, 7]),
        ])
        #expect(scan.pyramids.map { $0.levels.map(\.width) } == [[64]])
        #expect(scan.associatedImages.map(\.role) == [.thumbnail])
    }

    /// Of 16-bit grey: 256 times the value.
    private static func deepPage(_ width: Int, _ height: Int, _ value: UInt8, reduced: Bool) -> DrawnTIFF.Page {
        var page = DrawnTIFF.Page(width, height, [0, value])
        page.layout = TIFFPageLayout(width: width, height: height, bitsPerSample: 16)
        page.layout.subfileType = reduced ? .reducedResolution : []
        return page
    }

    /// The range of the full resolution says nothing of samples of another size.
    @Test func aLevelOfOtherSamplesHasARangeOfItsOwn() throws {
        let reduced = DrawnTIFF.Page(32, 24, [50]) { $0.subfileType = .reducedResolution }
        let scan = try DrawnTIFF.scan([Self.deepPage(64, 48, 2, reduced: false), reduced])
        let level = try scan.mainPyramid().levels[1]
        let window = PixelWindow(x: 0, y: 0, width: 1, height: 1)
        #expect(try scan.pixels(of: level).pixels(in: window).pixels == [50, 50, 50])
    }

    @Test func whereTheLowestLevelIsDamagedTheFullOneTellsTheDepth() throws {
        var reduced = Self.deepPage(32, 24, 15, reduced: true)
        reduced.layout.compression = .deflate
        // The first byte of deflated data becomes one that it cannot have.
        let scan = try DrawnTIFF.scan([Self.deepPage(64, 48, 15, reduced: false), reduced], patches: [(0x78, 0xFF)])
        let pyramid = try scan.mainPyramid()
        #expect(pyramid.levels.count == 2)
        let remarks = try scan.remarks(on: pyramid)
        #expect(remarks.first == "values up to 4095: read as 12 bits")
        #expect(remarks.contains { $0.contains("lowest resolution cannot be read") })
        #expect(try scan.firstPixel() == [239, 239, 239])
    }

    @Test func theDepthIsOneForAllLevels() throws {
        let scan = try DrawnTIFF.scan([
            Self.deepPage(64, 48, 2, reduced: false), Self.deepPage(32, 24, 15, reduced: true),
        ])
        let pyramid = try scan.mainPyramid()
        #expect(pyramid.levels.count == 2)
        #expect(try scan.remarks(on: pyramid) == ["values up to 4095: read as 12 bits"])
        #expect(try scan.firstPixel() == [32, 32, 32])
    }
}
