import Foundation
import Slides
import TIFF
import TestSupport
import Testing

@Suite struct OpenSlideTests {
    @Test func levelsOfPhilipsArePaddedAndLieWhereTheirSpacingSays() throws {
        let spacings = ["0.00025", "0.0005", "0.001"].map { spacing in
            """
            <DataObject ObjectType="PixelDataRepresentation"><Attribute Name="DICOM_PIXEL_SPACING" Group="0x0028"
            Element="0x0030" PMSVR="IDoubleArray">&quot;\(spacing)&quot; &quot;\(spacing)&quot;</Attribute></DataObject>
            """
        }
        var base = DrawnSlide.level(5, 3, of: (320, 192), every: 1)
        base.software = "Philips DP v1.0"
        base.description = """
            <?xml version="1.0" encoding="UTF-8"?><DataObject ObjectType="DPUfsImport">
            <Attribute Name="PIM_DP_SCANNED_IMAGES" Group="0x301D" Element="0x1003" PMSVR="IDataObjectArray"><Array>
            <DataObject ObjectType="DPScannedImage">
            <Attribute Name="PIM_DP_IMAGE_TYPE" Group="0x301D" Element="0x1004" PMSVR="IString">WSI</Attribute>
            <Attribute Name="DICOM_PIXEL_SPACING" Group="0x0028" Element="0x0030"
             PMSVR="IDoubleArray">&quot;0.00025&quot; &quot;0.00025&quot;</Attribute>
            <Attribute Name="PIIM_PIXEL_DATA_REPRESENTATION_SEQUENCE" Group="0x1001" Element="0x8B01"
             PMSVR="IDataObjectArray"><Array>\(spacings.joined())</Array></Attribute>
            </DataObject></Array></Attribute></DataObject>
            """
        let file = try DrawnSlide.file([
            base, DrawnSlide.level(3, 2, of: (320, 192), every: 2), DrawnSlide.level(2, 1, of: (320, 192), every: 4),
        ])
        let scan = try ScanFormats.standard.open(path: file.path)
        #expect(scan.dialect == "philips")
        let pyramid = try scan.mainPyramid()
        #expect(pyramid.levels.map(\.width) == [320, 160, 80])
        #expect(pyramid.levels.map(\.height) == [192, 96, 48])
        #expect(pyramid.levels.map(\.downsample) == [1, 2, 4])
        #expect(pyramid.spacing == Spacing(plausible: 0.25, source: .openSlide))
        for level in pyramid.levels {
            let window = PixelWindow(x: 30, y: 20, width: 40, height: 20)
            let pixels = try scan.pixels(of: level).pixels(in: window).pixels
            let n = Int(level.downsample)
            let expected = (20..<40).flatMap { y in (30..<70).flatMap { x in DrawnSlide.colour(n * x, n * y) } }
            #expect(pixels == expected)
        }
    }

    @Test func tilesOfTrestleOverlap() throws {
        let overlap = 16
        let step = DrawnSlide.tile - overlap
        var page = DrawnSlide.Page(columns: 4, rows: 3) { column, row, x, y in
            DrawnSlide.colour(column * step + x, row * step + y)
        }
        page.software = "MedScan"
        page.description = "Background Color=E6E6E6;Objective Power=10;JPEG Quality=100;OverlapsXY= 16 16"
        let file = try DrawnSlide.file([page])
        let scan = try ScanFormats.standard.open(path: file.path)
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "trestle")
        #expect(pyramid.summary == "OpenSlide, trestle, 10x")
        #expect(pyramid.width == 4 * step + overlap && pyramid.height == 3 * step + overlap)
        let window = PixelWindow(x: 0, y: 0, width: pyramid.width, height: pyramid.height)
        let pixels = try scan.pixels(of: pyramid.levels[0]).pixels(in: window).pixels
        #expect(
            pixels == (0..<window.height).flatMap { y in (0..<window.width).flatMap { x in DrawnSlide.colour(x, y) } })
    }

    @Test(arguments: [nil, "Aperio Image Library v11\r\n320x192 (64x64) |AppMag = 20|MPP = 0.499"])
    func bothReadersSeeTheSame(description: String?) throws {
        var base = DrawnSlide.level(5, 3, of: (320, 192), every: 1)
        base.description = description
        var reduced = DrawnSlide.level(3, 2, of: (320, 192), every: 2)
        reduced.description = description
        let file = try DrawnSlide.file([base, reduced])
        let other = ScanFormat.openSlide(suffixes: [], vendors: ["aperio", "generic-tiff"])
        let ours = try ScanFormats.standard.open(path: file.path)
        let theirs = try ScanFormats([other]).open(path: file.path)
        #expect(ours.container == "TIFF, little-endian")
        #expect(theirs.container == "OpenSlide")
        let window = PixelWindow(x: 7, y: 11, width: 300, height: 170)
        let seen = try ours.pixels(of: ours.mainPyramid().levels[0]).pixels(in: window)
        #expect(try theirs.pixels(of: theirs.mainPyramid().levels[0]).pixels(in: window) == seen)
        if description != nil { #expect(try theirs.mainPyramid().spacing.micrometresPerPixel == 0.499) }
    }

    /// What OpenSlide says of a file may quote its path and its texts.
    @Test func whatOpenSlideSaysIsKeptBack() throws {
        var page = DrawnSlide.Page(columns: 2, rows: 2) { _, _, x, y in DrawnSlide.colour(x, y) }
        page.software = "MedScan"
        page.description = "Background Color=E6E6E6;Objective Power=10;JPEG Quality=100;OverlapsXY= 16 16"
        let file = try DrawnSlide.file([page])
        var bytes = Array(try Data(contentsOf: URL(filePath: file.path)))
        // Where the first tile's data is.
        for index in 300..<1_500 { bytes[index] = 0xFF }
        let damaged = try TemporaryFile(bytes)
        let scan = try ScanFormats.standard.open(path: damaged.path)
        #expect(scan.dialect == "trestle")
        let window = PixelWindow(x: 0, y: 0, width: 40, height: 40)
        #expect(throws: SlideError(.malformed, "OpenSlide cannot read the pixels: the file is damaged")) {
            try scan.pixels(of: scan.mainPyramid().levels[0]).pixels(in: window)
        }
    }

    @Test func whatOpenSlideCannotReadIsRefusedWhereTilesMayOverlap() throws {
        var page = DrawnSlide.level(2, 2, of: (128, 128), every: 1)
        page.software = "MedScan"
        page.description = "OverlapsXY= 200 200"
        let file = try DrawnSlide.file([page])
        #expect(throws: SlideError(.malformed, "OpenSlide finds no size of the slide")) {
            try ScanFormats.standard.open(path: file.path)
        }
    }

    @Test(arguments: [(0, false), (16, true)])
    func tilesThatOverlapAreNoPlainPicture(overlap: Int, isRefused: Bool) throws {
        let xml = """
            <EncodeInfo><SlideStitchInfo><ImageInfo><TileJointInfo Direction="RIGHT" OverlapX="\(overlap)" OverlapY="0"/>
            </ImageInfo></SlideStitchInfo></EncodeInfo>
            """
        let tag = DrawnTIFF.Tag(number: 700, instead: 305, type: 1, count: xml.utf8.count, bytes: Array(xml.utf8))
        let scan = try DrawnTIFF.scan([DrawnTIFF.Page(64, 48, [1, 2, 3])], tags: [tag])
        #expect((scan.refusal?.kind == .unsupported) == isRefused)
    }

    @Test func aPhilipsFileWithoutItsMetadataIsPlainTIFF() throws {
        var page = DrawnSlide.level(2, 2, of: (128, 128), every: 1)
        page.software = "Philips DP v1.0"
        page.description = #"<DataObject ObjectType="DPUfsImport"></DataObject>"#
        let file = try DrawnSlide.file([page])
        let scan = try ScanFormats.standard.open(path: file.path)
        #expect(scan.container == "TIFF, little-endian")
        #expect(try scan.mainPyramid().width == 128)
    }
}
