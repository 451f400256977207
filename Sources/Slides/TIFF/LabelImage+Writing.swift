import TIFF

extension LabelImage {
    /// One picture of a label image.
    public struct Level: Sendable {
        public let width: Int
        public let height: Int
        /// Nil where it was not measured.
        public let micrometresPerPixel: Double?

        public init(width: Int, height: Int, micrometresPerPixel: Double?) {
            (self.width, self.height, self.micrometresPerPixel) = (width, height, micrometresPerPixel)
        }

        fileprivate func layout(isWide: Bool) -> TIFFPageLayout {
            var layout = TIFFPageLayout(width: width, height: height, bitsPerSample: isWide ? 32 : 16)
            layout.software = software
            layout.resolution = micrometresPerPixel.map { TIFFResolution(micrometresPerPixel: $0) }
            return layout
        }
    }

    /// Some rows of a level's labels from where the last call ended, `[rows, width]`; empty behind the last row.
    public typealias Rows = (_ count: Int) -> [UInt32]

    /// Bytes of a strip before compression. LZW cannot make so few more than some 300 times smaller, so that no reader takes
    /// the empty picture of a huge scan for a decompression bomb.
    private static let stripByteCount = 1 << 17
    /// Side of a tile, in pixels.
    private static let tileSide = 512

    /// Writes labels in strips, of 16 bits, or of 32 where they are wide: ITK, and so 3D Slicer, reads tiles of 16 bits as
    /// zeros, and ImageJ does not open them.
    public static func writeStrips(_ level: Level, isWide: Bool, to path: String, rows: Rows) throws(SlideError) {
        let rowBytes = level.width * (isWide ? 4 : 2)
        var layout = level.layout(isWide: isWide)
        layout.organisation = .strips(rowsPerStrip: max(1, min(level.height, stripByteCount / rowBytes)))
        layout.compression = .lzw
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: path, isBigTIFF: rowBytes * level.height > 1 << 31)
            try writer.write(layout, isWide: isWide, rowsAtOnce: 64, rows)
            try writer.finish()
        } catch { throw SlideError(error) }
    }

    /// Writes labels in tiles, of 16 bits, or of 32 where they are wide, the coarser levels as sub-IFDs of the first.
    ///
    /// - Parameter rows: of the level of an index.
    public static func writePyramid(
        _ levels: [Level], isWide: Bool, description: String, to path: String, rows: (Int) -> Rows
    ) throws(SlideError) {
        let byteCount = (levels.first.map { $0.width * $0.height } ?? 0) * (isWide ? 4 : 2)
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: path, isBigTIFF: byteCount > 1 << 30)
            for (index, level) in levels.enumerated() {
                var layout = level.layout(isWide: isWide)
                layout.organisation = .tiles(width: tileSide, height: tileSide)
                layout.compression = .deflate
                if index == 0 {
                    layout.subdirectoryCount = levels.count - 1
                    layout.imageDescription = description
                } else {
                    layout.subfileType = .reducedResolution
                }
                try writer.write(layout, isWide: isWide, rowsAtOnce: tileSide, rows(index))
            }
            try writer.finish()
        } catch { throw SlideError(error) }
    }
}

extension TIFFWriter {
    fileprivate mutating func write(
        _ layout: TIFFPageLayout, isWide: Bool, rowsAtOnce: Int, _ rows: LabelImage.Rows
    ) throws(TIFFError) {
        try beginPage(layout)
        while case let labels = rows(rowsAtOnce), !labels.isEmpty {
            if isWide {
                try writeRows(labels)
            } else {
                try writeRows(labels.map { UInt16(truncatingIfNeeded: $0) })
            }
        }
    }
}

extension TIFFResolution {
    init(micrometresPerPixel spacing: Double) { self.init(x: 1e4 / spacing, y: 1e4 / spacing, unit: .centimetre) }
}
