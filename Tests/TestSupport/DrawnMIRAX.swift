/// 3DHISTECH's MIRAX, by what OpenSlide documents and reads of it (`openslide-vendor-mirax.c`): photographs that overlap, each cut
/// into `divisions` x `divisions` images, and levels of which an image holds four of the level before.
public struct DrawnMIRAX {
    public static let tile = 64
    public static let divisions = 2

    /// Photographs across and down.
    public let columns: Int
    public let rows: Int
    /// Of photographs, in pixels; divisible by the coarsest level's factor.
    public var overlap = 16
    public var levels = 3
    /// In micrometres per pixel.
    public var spacing = "0.5"
    /// Photographs that were not taken.
    public var missing: Set<[Int]> = []
    /// What the description says of the first file of pixels.
    public var dataFile = "Data0000.dat"
    public var indexFile = "Index.dat"
    /// The colour of a pixel of the whole slide.
    public let colour: (_ x: Int, _ y: Int) -> [UInt8]

    public init(columns: Int, rows: Int, colour: @escaping (_ x: Int, _ y: Int) -> [UInt8]) {
        self.columns = columns
        self.rows = rows
        self.colour = colour
    }

    private var step: Int { Self.divisions * Self.tile - overlap }
    public var width: Int { columns * step + overlap }
    public var height: Int { rows * step + overlap }

    private let identity = "0123456789ABCDEF0123456789ABCDEF"

    /// Writes `NAME.mrxs` and what belongs to it; the levels' pixels in a file of their own each.
    public func write(_ name: String, in folder: TemporaryFolder) throws {
        try folder.write("\(name).mrxs", [0xFF, 0xD8, 0xFF, 0xD9])
        try folder.write("\(name)/Slidedat.ini", description)
        var index = Array("01.02\(identity)".utf8)
        // Where the levels' list and that of the other records are: this has none.
        let root = index.count + 8
        index += little(root) + little(root + 4 * levels)
        index += [UInt8](repeating: 0, count: 4 * levels)
        for level in 0..<levels {
            let (data, records) = images(ofLevel: level)
            try folder.write("\(name)/Data000\(level).dat", data)
            index.replaceSubrange(root + 4 * level..<root + 4 * level + 4, with: little(index.count))
            // Two pages, for a list has many.
            let half = records.count / 2
            index += little(0) + little(index.count + 8)
            index += little(half) + little(index.count + 8 + 16 * half) + records[..<half].joined()
            index += little(records.count - half) + little(0) + records[half...].joined()
        }
        try folder.write("\(name)/Index.dat", index)
    }

    private func images(ofLevel level: Int) -> (data: [UInt8], records: [[UInt8]]) {
        let across = columns * Self.divisions
        let factor = 1 << level
        var (data, records): ([UInt8], [[UInt8]]) = (Array("pixels".utf8), [])
        for y in stride(from: 0, to: rows * Self.divisions, by: factor) {
            for x in stride(from: 0, to: across, by: factor) where isTaken(x, y, factor) {
                let picture = picture(x, y, level: level)
                records.append(little(y * across + x) + little(data.count) + little(picture.count) + little(level))
                data += picture
            }
        }
        return (data, records)
    }

    private func isTaken(_ x: Int, _ y: Int, _ factor: Int) -> Bool {
        let last = max(1, factor / Self.divisions) - 1
        let (column, row) = (x / Self.divisions, y / Self.divisions)
        return (row...row + last).contains { row in
            (column...column + last).contains { $0 < columns && row < rows && !missing.contains([$0, row]) }
        }
    }

    /// An image at these numbers of images of level 0: of one photograph or, further up, of pieces of several.
    private func picture(_ x: Int, _ y: Int, level: Int) -> [UInt8] {
        let factor = 1 << level
        let piece = Self.tile / max(1, factor / Self.divisions)
        /// Where a pixel of the image lies on the slide.
        func place(_ image: Int, _ pixel: Int) -> Int {
            let image = image + pixel / piece * Self.divisions
            return image / Self.divisions * step + image % Self.divisions * Self.tile + factor * (pixel % piece)
        }
        let pixels = (0..<Self.tile).flatMap { v in
            (0..<Self.tile).flatMap { u in colour(place(x, u), place(y, v)) }
        }
        return DrawnPNG.bytes(width: Self.tile, height: Self.tile, pixels)
    }

    private func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }

    private var description: String {
        let files = (0..<levels).map { "FILE_\($0)=\($0 == 0 ? dataFile : "Data000\($0).dat")\r\n" }.joined()
        let sections = (0..<levels).map { "HIER_0_VAL_\($0)_SECTION=LAYER_0_LEVEL_\($0)_SECTION\r\n" }.joined()
        let layers = (0..<levels).map { level in
            """
            [LAYER_0_LEVEL_\(level)_SECTION]\r
            OVERLAP_X=\(overlap >> level)\r
            OVERLAP_Y=\(overlap >> level)\r
            MICROMETER_PER_PIXEL_X=\(spacing)\r
            MICROMETER_PER_PIXEL_Y=\(spacing)\r
            IMAGE_FORMAT=PNG\r
            IMAGE_FILL_COLOR_BGR=16777215\r
            DIGITIZER_WIDTH=\(Self.tile)\r
            DIGITIZER_HEIGHT=\(Self.tile)\r
            IMAGE_CONCAT_FACTOR=\(level == 0 ? 0 : 1)\r

            """
        }.joined()
        return "\u{FEFF}" + """
            [GENERAL]\r
            SLIDE_VERSION=01.02\r
            SLIDE_ID=\(identity)\r
            IMAGENUMBER_X=\(columns * Self.divisions)\r
            IMAGENUMBER_Y=\(rows * Self.divisions)\r
            OBJECTIVE_MAGNIFICATION=20\r
            CameraImageDivisionsPerSide=\(Self.divisions)\r
            [HIERARCHICAL]\r
            HIER_COUNT=1\r
            NONHIER_COUNT=0\r
            INDEXFILE=\(indexFile)\r
            HIER_0_NAME=Slide zoom level\r
            HIER_0_COUNT=\(levels)\r
            \(sections)[DATAFILE]\r
            FILE_COUNT=\(levels)\r
            \(files)\(layers)
            """
    }
}
