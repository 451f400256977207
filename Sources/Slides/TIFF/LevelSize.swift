import TIFF

/// How much of a directory shows the image, and at which resolution.
struct LevelSize {
    let width: Int
    let height: Int
    /// Pixels of the full resolution along one of this level.
    let downsample: Double
    /// See ``PyramidLevel``.
    let extent: PixelExtent

    init(of directory: TIFFDirectory, base: TIFFDirectory) {
        if let padded = LevelSize(padded: directory, base: base) {
            self = padded
            return
        }
        (width, height) = (directory.displayedWidth, directory.displayedHeight)
        if let factor = LevelFactor.whole(
            width: width, height: height, ofWidth: base.displayedWidth, height: base.displayedHeight)
        {
            downsample = Double(factor)
            extent = PixelExtent(
                width: Double(base.displayedWidth) / downsample, height: Double(base.displayedHeight) / downsample)
            return
        }
        let x = Double(base.displayedWidth) / Double(max(1, width))
        let y = Double(base.displayedHeight) / Double(max(1, height))
        downsample = (x * y).squareRoot()
        extent = PixelExtent(width: Double(width), height: Double(height))
    }

    /// Whether the level may as well be a third of the image, say, as a padded quarter: it then lies nobody knows where.
    static func isAmbiguous(_ directory: TIFFDirectory, base: TIFFDirectory) -> Bool {
        guard LevelSize(padded: directory, base: base) != nil else { return false }
        let factor = (Double(base.displayedWidth) / Double(directory.displayedWidth)).rounded()
        return Double(directory.displayedWidth) * factor == Double(base.displayedWidth)
            && Double(directory.displayedHeight) * factor == Double(base.displayedHeight)
    }

    /// Some writers pad a level to whole tiles: its size then says nothing of its resolution, which is a power of two. Nil for a
    /// level whose size is that of the image, divided and rounded.
    private init?(padded directory: TIFFDirectory, base: TIFFDirectory) {
        guard case .tiles(let tileWidth, let tileHeight) = directory.organisation, directory.orientation == .topLeft,
            tileWidth > 0, tileHeight > 0, directory.width > 0, directory.height > 0, directory.width % tileWidth == 0,
            directory.height % tileHeight == 0
        else { return nil }
        let ratio = Double(base.displayedWidth) / Double(directory.width)
        // Padding makes the ratio smaller than the factor, rounding hardly larger.
        guard ratio > 1, let factor = (1...16).lazy.map({ 1 << $0 }).first(where: { Double($0) >= 0.99 * ratio }) else {
            return nil
        }
        width = (base.displayedWidth + factor - 1) / factor
        height = (base.displayedHeight + factor - 1) / factor
        let padding = (columns: directory.width - width, rows: directory.height - height)
        guard (0..<tileWidth).contains(padding.columns), (0..<tileHeight).contains(padding.rows),
            max(padding.columns, padding.rows) > 1
        else { return nil }
        downsample = Double(factor)
        extent = PixelExtent(
            width: Double(base.displayedWidth) / downsample, height: Double(base.displayedHeight) / downsample)
    }
}
