import Slides
import TIFF
import TestSupport
import Testing

@Suite struct ScanLayoutTests {
    /// Writes a file of grey pages and opens it.
    private func scan(_ pages: [TIFFPageLayout]) throws -> any ScanFile {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        for (index, page) in pages.enumerated() {
            try writer.beginPage(page)
            let level = UInt8(10 * index + 50)
            if case .tiles(let width, let height) = page.organisation {
                let tile = [UInt8](repeating: level, count: width * height)
                for row in 0..<(page.height + height - 1) / height {
                    for column in 0..<(page.width + width - 1) / width {
                        try writer.writeTile(column: column, row: row, tile.span)
                    }
                }
            } else {
                let rows = [UInt8](repeating: level, count: page.width * page.height)
                try writer.writeRows(rows.span)
            }
        }
        try writer.finish()
        return try ScanFormats.standard.open(path: file.path)
    }

    private func page(
        _ width: Int, _ height: Int, tiled: Bool = false, _ change: (inout TIFFPageLayout) -> Void = { _ in }
    ) -> TIFFPageLayout {
        var page = TIFFPageLayout(width: width, height: height)
        if tiled { page.organisation = .tiles(width: 64, height: 64) }
        change(&page)
        return page
    }

    private func widths(_ scan: any ScanFile) -> [[Int]] { scan.pyramids.map { $0.levels.map(\.width) } }

    @Test func everyPageOfADocumentIsAnImage() throws {
        let scan = try scan([page(300, 200), page(300, 200), page(200, 300), page(170, 111)])
        #expect(widths(scan) == [[300], [300], [200], [170]])
    }

    @Test func theLargestImageIsTheOneThatIsAnalysed() throws {
        let scan = try scan([page(90, 100), page(300, 200), page(200, 300), page(170, 111)])
        #expect(try scan.mainPyramid().width == 300)
    }

    @Test func reducedResolutionsMakeAPyramid() throws {
        let reduced = SubfileType.reducedResolution
        let scan = try scan([
            page(801, 600, tiled: true), page(400, 300, tiled: true) { $0.subfileType = reduced },
            page(101, 75, tiled: true) { $0.subfileType = reduced }, page(90, 90) { $0.subfileType = reduced },
        ])
        #expect(widths(scan) == [[801, 400, 101]])
        #expect(scan.associatedImages.map(\.role) == [.thumbnail])
        let pyramid = try scan.mainPyramid()
        #expect(pyramid.level(atLeastAsFineAs: 2).width == 400)
        #expect(pyramid.level(atLeastAsFineAs: 1.9).width == 801)
        #expect(pyramid.level(atLeastAsFineAs: 100).width == 101)
        let pixels = try scan.pixels(of: pyramid.levels[1]).pixels(
            in: PixelWindow(x: 390, y: 290, width: 10, height: 10))
        #expect(pixels == RGBImage(width: 10, height: 10, red: 60, green: 60, blue: 60))
    }

    @Test func pyramidsThatDoNotSaySoAreKnownByTheirSizes() throws {
        let scan = try scan([page(1_000, 700), page(500, 350), page(250, 175)])
        #expect(widths(scan) == [[1_000, 500, 250]])
    }

    /// The smallest first, or in any order, as some writers have them.
    /// As an interrupted or sparse overview leaves it: the full resolution has what is not there.
    @Test(arguments: [true, false]) func levelsThatLackTilesAreLeftOut(isWhole: Bool) throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        for side in [128, 64] {
            var layout = TIFFPageLayout(width: side, height: side)
            layout.organisation = .tiles(width: 32, height: 32)
            if side < 128 { layout.subfileType = .reducedResolution }
            try writer.beginPage(layout)
            for tile in 0..<(side / 32) * (side / 32) where side == 128 || isWhole || tile != 2 {
                try writer.writeTile(
                    column: tile % (side / 32), row: tile / (side / 32), [UInt8](repeating: 99, count: 1024).span)
            }
        }
        try writer.finish()
        #expect(try widths(ScanFormats.standard.open(path: file.path)) == [isWhole ? [128, 64] : [128]])
    }

    /// A second section may be exactly a half as large: what it shows tells.
    @Test(arguments: [false, true], [2, 4]) func pagesAreHeldAgainstEachOther(isSame: Bool, factor: Int) throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        for (number, step) in [1, factor].enumerated() {
            let (width, height) = (512 / step, 384 / step)
            try writer.beginPage(TIFFPageLayout(width: width, height: height, samplesPerPixel: 3))
            let shift = isSame || number == 0 ? 0 : 150
            let pixels = (0..<width * height).flatMap { index -> [UInt8] in
                let (x, y) = (index % width * step + shift, index / width * step + 2 * shift)
                let isNucleus =
                    (x % 61 - 30) * (x % 61 - 30) + (y % 47 - 23) * (y % 47 - 23) < 100 + (x / 61 * 7 + y / 47 * 13) % 5
                    * 60
                return isNucleus ? [90, 50, 140] : [230, 190, 220]
            }
            try writer.writeRows(pixels.span)
        }
        try writer.finish()
        let scan = try ScanFormats.standard.open(path: file.path)
        #expect(widths(scan) == (isSame ? [[512, 512 / factor]] : [[512], [512 / factor]]))
    }

    @Test(arguments: [[250, 500, 1_000], [500, 1_000, 250], [250, 1_000, 500]])
    func pyramidsAreKnownInAnyOrder(widths order: [Int]) throws {
        #expect(widths(try scan(order.map { page($0, $0 / 10 * 7) })) == [[1_000, 500, 250]])
    }

    /// Thumbnails before the picture that say so.
    @Test func whatComesBeforeItsImageAndSaysSoIsAThumbnail() throws {
        let reduced = SubfileType.reducedResolution
        let scan = try scan([
            page(250, 170) { $0.subfileType = reduced }, page(500, 340) { $0.subfileType = reduced }, page(1_000, 680),
        ])
        #expect(widths(scan) == [[1_000]])
        #expect(scan.associatedImages.map(\.role) == [.thumbnail, .thumbnail])
    }

    /// Two images, then a level of each: nobody knows whose it is.
    @Test func levelsOfOneSizeAreLeftOut() throws {
        let scan = try scan([page(1_000, 700), page(1_000, 700), page(500, 350), page(500, 350), page(250, 175)])
        #expect(widths(scan) == [[1_000], [1_000, 250]])
    }

    @Test func levelsThatArePaddedToWholeTilesLieWhereTheyShould() throws {
        let scan = try scan([
            page(1_000, 1_000, tiled: true),
            page(512, 512, tiled: true) { $0.subfileType = .reducedResolution },
            page(256, 256, tiled: true) { $0.subfileType = .reducedResolution },
        ])
        let levels = try scan.mainPyramid().levels
        #expect(levels.map(\.downsample) == [1, 2, 4])
        #expect(levels.map(\.width) == [1_000, 500, 250])
        #expect(scan.pixels(of: levels[1]).width == 500)
    }

    /// Squares of pixels make one of a level; what they do not fill at the edges is left out, or filled up. Taken for the whole
    /// image, the level would lie up to a square off.
    @Test(arguments: [(2_049, 1_537, [1_024, 512]), (2_049, 1_537, [1_025, 513]), (2_051, 1_539, [1_026, 513])])
    func levelsWhoseSizesWereRoundedLieWhereTheyShould(width: Int, height: Int, widths: [Int]) throws {
        let scan = try scan(
            [page(width, height)]
                + widths.enumerated().map { index, side in
                    let factor = 2 << index
                    let rows = side * factor > width ? (height + factor - 1) / factor : height / factor
                    return page(side, rows) { $0.subfileType = .reducedResolution }
                })
        let levels = try scan.mainPyramid().levels
        #expect(levels.map(\.downsample) == [1, 2, 4])
        #expect(levels.map(\.width) == [width] + widths)
        #expect(levels.map(\.extent.width) == [1, 2, 4].map { Double(width) / $0 })
        #expect(levels.map(\.extent.height) == [1, 2, 4].map { Double(height) / $0 })
    }

    /// Of any factor; and of none, where the sides do not agree on one.
    @Test func aLevelMayBeOfAnyFactor() throws {
        let scan = try scan([
            page(1_000, 700), page(333, 233) { $0.subfileType = .reducedResolution },
            page(150, 105) { $0.subfileType = .reducedResolution },
        ])
        let levels = try scan.mainPyramid().levels
        #expect(levels.map { ($0.downsample * 100).rounded() } == [100, 300, 667])
        #expect(levels.map(\.extent.width) == [1_000, 1_000 / 3, 150])
    }

    /// A third of the image in whole tiles has the size of a padded quarter.
    @Test func aLevelThatMayLieInTwoWaysIsLeftOut() throws {
        let scan = try scan([
            page(576, 576, tiled: true),
            page(192, 192, tiled: true) { $0.subfileType = .reducedResolution },
        ])
        #expect(try scan.mainPyramid().levels.map(\.downsample) == [1])
    }

    @Test func subdirectoriesAreLevels() throws {
        let scan = try scan([
            page(640, 320) { $0.subdirectoryCount = 2 }, page(320, 160), page(160, 80), page(640, 320),
        ])
        #expect(widths(scan) == [[640, 320, 160], [640]])
    }

    @Test func anAperioFileHasLevelsThumbnailLabelAndMacro() throws {
        let head = "Aperio Image Library v11\r\n"
        let scan = try scan([
            page(2_000, 1_600, tiled: true) {
                $0.imageDescription = head + "2000x1600 [0,0 2000x1600] (64x64) JPEG Q=70|AppMag = 20|MPP = 0.4990"
                $0.resolution = TIFFResolution(x: 72, y: 72, unit: .inch)
            },
            page(400, 320) { $0.imageDescription = head + "2000x1600 -> 400x320 - |AppMag = 20|MPP = 0.4990" },
            page(500, 400, tiled: true) { $0.imageDescription = head + "2000x1600 -> 500x400 |MPP = 0.4990" },
            page(150, 130) {
                $0.imageDescription = head + "label 150x130"
                $0.subfileType = .reducedResolution
            },
            page(300, 120) {
                $0.imageDescription = head + "macro 300x120"
                $0.subfileType = SubfileType(rawValue: 9)
            },
        ])
        #expect(scan.dialect == "aperio")
        #expect(widths(scan) == [[2_000, 500]])
        #expect(scan.associatedImages.map(\.role) == [.thumbnail, .label, .macro])
        let pyramid = try scan.mainPyramid()
        #expect(pyramid.spacing == Spacing(plausible: 0.499, source: .aperio))
        #expect(pyramid.implausibleSpacings.map(\.source) == [.resolutionTags])
    }

    @Test func anOMEFileNamesItsSpacingAndItsMacroImage() throws {
        let xml = """
            <?xml version="1.0" encoding="UTF-8"?><!-- > --><ome:OME xmlns:ome="http://www.openmicroscopy.org">
            <ome:Image ID="Image:0" Name="a > b"><ome:Pixels SizeC="1" SizeT="1" SizeZ="1" PhysicalSizeX="250"
             PhysicalSizeXUnit="nm" PhysicalSizeY='0.25'><ome:TiffData IFD="0"/></ome:Pixels></ome:Image>
            <ome:Image Name="macro image"><ome:Pixels SizeC="1"><ome:TiffData IFD="1"/></ome:Pixels></ome:Image></ome:OME>
            """
        let scan = try scan([page(640, 320) { $0.imageDescription = xml }, page(300, 400)])
        #expect(scan.dialect == "ome")
        #expect(widths(scan) == [[640]])
        #expect(scan.associatedImages.map(\.role) == [.macro])
        #expect(try scan.mainPyramid().spacing == Spacing(plausible: 0.25, source: .ome))
    }

    /// Half as large, with pixels as large or twice as large.
    @Test(arguments: [(0.25, [[640], [320]]), (0.5, [[640, 320]])])
    func anOMEImageOfItsOwnIsALevelByItsSpacing(spacing: Double, expected: [[Int]]) throws {
        func image(_ width: Int, _ spacing: Double, _ directory: Int) -> String {
            """
            <Image><Pixels SizeX="\(width)" SizeY="\(width / 2)" PhysicalSizeX="\(spacing)" PhysicalSizeY="\(spacing)">
            <TiffData IFD="\(directory)"/></Pixels></Image>
            """
        }
        let xml = "<OME>" + image(640, 0.25, 0) + image(320, spacing, 1) + "</OME>"
        let scan = try scan([page(640, 320) { $0.imageDescription = xml }, page(320, 160)])
        #expect(widths(scan) == expected)
    }

    @Test func aQPTIFFSaysOfEachPageWhatItIs() throws {
        func type(_ type: String) -> (inout TIFFPageLayout) -> Void {
            {
                $0.imageDescription =
                    "<PerkinElmer-QPI-ImageDescription><ImageType>\(type)</ImageType></PerkinElmer-QPI-ImageDescription>"
            }
        }
        let scan = try scan([
            page(640, 320, tiled: true, type("FullResolution")), page(100, 50, type("Thumbnail")),
            page(320, 160, tiled: true, type("ReducedResolution")), page(630, 300, type("Overview")),
            page(600, 310, type("Label")),
        ])
        #expect(widths(scan) == [[640, 320]])
        #expect(scan.associatedImages.map(\.role) == [.thumbnail, .macro, .label])
    }

    @Test(
        arguments: [
            (16_129.0, ResolutionUnit.centimetre, nil, 0.62, Spacing.Source.resolutionTags),
            (50_800, .inch, nil, 0.5, .resolutionTags), (72, .inch, nil, nil, .unknown),
            (300, .inch, nil, nil, .unknown),
            (10_000, .none, nil, nil, .unknown), (1e9, .centimetre, nil, nil, .unknown),
            (2, .none, "ImageJ=1.53\nunit=micron\n", 0.5, .imageJ),
            (2, .none, "ImageJ=1.53\nunit=pixel\n", nil, .unknown),
        ] as [(Double, ResolutionUnit, String?, Double?, Spacing.Source)])
    func spacingIsReadWhereItIsPlausible(
        resolution: Double, unit: ResolutionUnit, description: String?, expected: Double?, source: Spacing.Source
    ) throws {
        let scan = try scan([
            page(64, 64) {
                $0.resolution = TIFFResolution(x: resolution, y: resolution, unit: unit)
                $0.imageDescription = description
            }
        ])
        let spacing = try scan.mainPyramid().spacing
        #expect(spacing.source == source)
        #expect((spacing.micrometresPerPixel == nil) == (expected == nil))
        if let found = spacing.micrometresPerPixel, let expected { #expect(abs(found - expected) < 1e-3) }
    }

    @Test func aFileOfLabelsOnlyHasNoImage() throws {
        let scan = try scan([page(64, 64) { $0.imageDescription = "Label" }])
        #expect(throws: SlideError.self) { try scan.mainPyramid() }
    }
}
