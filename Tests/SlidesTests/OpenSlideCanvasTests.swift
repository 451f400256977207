import Slides
import TIFF
import Testing

/// Files whose pixels OpenSlide puts together: areas of a slide on one canvas, tiles that overlap.
@Suite struct OpenSlideCanvasTests {
    private static let tile = DrawnSlide.tile

    /// A page whose pixels are those of the canvas, from its place there on, every n-th.
    private static func area(_ columns: Int, _ rows: Int, x left: Int, y top: Int, every n: Int = 1) -> DrawnSlide.Page
    {
        var page = DrawnSlide.Page(columns: columns, rows: rows) { column, row, x, y in
            DrawnSlide.colour(left + n * (column * tile + x), top + n * (row * tile + y))
        }
        page.resolution = TIFFResolution(x: 20_000 / Double(n), y: 20_000 / Double(n), unit: .centimetre)
        return page
    }

    /// Two sections on one slide; Leica's units are 100 of a pixel here.
    @Test func sectionsOfLeicaLieWhereTheyAreOnTheSlide() throws {
        func image(_ places: (x: Int, y: Int, width: Int, height: Int), _ directories: [(number: Int, width: Int)])
            -> String
        {
            let dimensions = directories.enumerated().map { level, directory in
                "<dimension r=\"\(level)\" ifd=\"\(directory.number)\" sizeX=\"\(directory.width)\" "
                    + "sizeY=\"\(directory.width * places.height / places.width)\"/>"
            }
            return """
                <image><pixels>\(dimensions.joined())</pixels><view sizeX="\(100 * places.width)" sizeY="\(100 * places.height)"
                 offsetX="\(100 * places.x)" offsetY="\(100 * places.y)"/><scanSettings><objectiveSettings><objective>20</objective>
                </objectiveSettings><illuminationSettings><illuminationSource>brightfield</illuminationSource>
                </illuminationSettings></scanSettings></image>
                """
        }
        var macro = DrawnSlide.Page(columns: 2, rows: 1) { _, _, _, _ in [200, 200, 200] }
        macro.description = """
            <?xml version="1.0"?><scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01">
            <collection sizeX="51200" sizeY="25600">
            \(image((0, 0, 512, 256), [(0, 128)]))\(image((64, 32, 256, 128), [(1, 256), (2, 128)]))
            \(image((340, 100, 128, 128), [(3, 128), (4, 64)]))
            </collection></scn>
            """
        let file = try DrawnSlide.file([
            macro, Self.area(4, 2, x: 64, y: 32), Self.area(2, 1, x: 64, y: 32, every: 2),
            Self.area(2, 2, x: 340, y: 100),
            Self.area(1, 1, x: 340, y: 100, every: 2),
        ])
        let scan = try ScanFormats.standard.open(path: file.path)
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "leica")
        #expect(scan.associatedImages.map(\.role) == [.macro])
        #expect(pyramid.levels.map(\.width) == [512, 256] && pyramid.levels.map(\.height) == [256, 128])
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        let full = scan.pixels(of: pyramid.levels[0])
        for (x, y) in [(64..<320, 32..<160), (340..<468, 100..<228)] {
            let window = PixelWindow(x: x.lowerBound, y: y.lowerBound, width: x.count, height: y.count)
            #expect(try full.pixels(in: window).pixels == DrawnSlide.colours(x: x, y: y))
        }
        let half = try scan.pixels(of: pyramid.levels[1]).pixels(in: PixelWindow(x: 170, y: 50, width: 64, height: 64))
        #expect(half.pixels == DrawnSlide.colours(x: 170..<234, y: 50..<114, every: 2))
        // What was not scanned is glass.
        #expect(try full.pixels(in: PixelWindow(x: 0, y: 0, width: 1, height: 1)).pixels == [255, 255, 255])
    }

    @Test func tilesOfVentanaAreJoined() throws {
        let (columns, rows, overlap) = (4, 3, 16)
        let step = Self.tile - overlap
        // Rows are numbered from the lowest, every second one from the right.
        func number(_ column: Int, _ row: Int) -> Int {
            let fromBelow = rows - 1 - row
            return fromBelow * columns + (fromBelow % 2 == 0 ? column : columns - 1 - column) + 1
        }
        func joint(_ direction: String, _ first: Int, _ second: Int, _ x: Int, _ y: Int) -> String {
            """
            <TileJointInfo FlagJoined="1" Confidence="100" Direction="\(direction)" Tile1="\(first)" Tile2="\(second)"
             OverlapX="\(x)" OverlapY="\(y)"/>
            """
        }
        let beside = (0..<rows).flatMap { row in
            (1..<columns).map { joint("RIGHT", number($0 - 1, row), number($0, row), overlap, 0) }
        }
        let above = (1..<rows).flatMap { row in
            (0..<columns).map { joint("UP", number($0, row), number($0, row - 1), 0, overlap) }
        }
        var label = DrawnSlide.Page(columns: 1, rows: 1) { _, _, _, _ in [200, 200, 200] }
        label.description = "Label Image"
        label.xmp = "<iScan Magnification=\"20\" ScanRes=\"0.5\" Z-layers=\"1\"/>"
        var full = DrawnSlide.Page(columns: columns, rows: rows) { column, row, x, y in
            DrawnSlide.colour(column * step + x, row * step + y)
        }
        full.description = "level=0 mag=20 quality=90"
        full.xmp = """
            <EncodeInfo Ver="2"><SlideStitchInfo><ImageInfo AOIScanned="1" NumRows="\(rows)" NumCols="\(columns)"
             Width="\(Self.tile)" Height="\(Self.tile)" Pos-X="0" Pos-Y="0">\((beside + above).joined())</ImageInfo></SlideStitchInfo>
            <AoiOrigin><AOI0 OriginX="0" OriginY="0"/></AoiOrigin></EncodeInfo>
            """
        let file = try DrawnSlide.file([label, full])
        let scan = try ScanFormats.standard.open(path: file.path)
        let pyramid = try scan.mainPyramid()
        #expect(scan.dialect == "ventana")
        #expect(pyramid.width == columns * step + overlap && pyramid.height == rows * step + overlap)
        #expect(pyramid.spacing == Spacing(plausible: 0.5, source: .openSlide))
        let window = PixelWindow(x: 0, y: 0, width: pyramid.width, height: pyramid.height)
        let pixels = try scan.pixels(of: pyramid.levels[0]).pixels(in: window).pixels
        #expect(pixels == DrawnSlide.colours(x: 0..<window.width, y: 0..<window.height))
    }
}
