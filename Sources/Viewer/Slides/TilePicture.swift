import Slides

/// One tile, made of the pixels of the level that is at least as fine.
struct TilePicture {
    /// Pixels of the level that are read for one of the tile, along a side, at most: a large image without levels is not read
    /// whole to show it small.
    private static let mostPixels = 16.0
    /// Beyond the image.
    private static let ground: UInt8 = 0xF3

    let picture: RGBImage

    /// - Returns: nil where there is no such tile, or it would be made of too many pixels.
    init?(_ tile: TileAddress, of pyramid: Pyramid, in file: any ScanFile) throws(SlideError) {
        guard let scale = DeepZoom(width: pyramid.width, height: pyramid.height).scale(of: tile) else { return nil }
        let level = pyramid.level(atLeastAsFineAs: Double(scale))
        let step = Double(scale) / level.downsample
        guard step <= Self.mostPixels else { return nil }
        let side = DeepZoom.tileSide
        let columns = Self.spans(from: Double(tile.column * side) * step, step: step, limit: level.width)
        let rows = Self.spans(from: Double(tile.row * side) * step, step: step, limit: level.height)
        guard let left = columns.first?.lowerBound, let right = columns.last?.upperBound,
            let top = rows.first?.lowerBound, let bottom = rows.last?.upperBound
        else { return nil }
        let source = try file.pixels(of: level).pixels(
            in: PixelWindow(x: left, y: top, width: right - left, height: bottom - top))
        picture = Self.mean(of: source, columns, rows, left: left, top: top)
    }

    /// Which pixels each one of the tile shows, as far as there are some.
    private static func spans(from start: Double, step: Double, limit: Int) -> [Range<Int>] {
        (0..<DeepZoom.tileSide).compactMap { index in
            let first = Int(start + Double(index) * step)
            guard first < limit else { return nil }
            return first..<min(limit, max(first + 1, Int(start + Double(index + 1) * step)))
        }
    }

    private static func mean(
        of source: RGBImage, _ columns: [Range<Int>], _ rows: [Range<Int>], left: Int, top: Int
    ) -> RGBImage {
        let side = DeepZoom.tileSide
        var pixels = [UInt8](repeating: ground, count: 3 * side * side)
        source.pixels.withUnsafeBufferPointer { source in
            let rowLength = 3 * (columns[columns.count - 1].upperBound - left)
            for (y, span) in rows.enumerated() {
                for (x, columns) in columns.enumerated() {
                    var (red, green, blue) = (0, 0, 0)
                    for row in span {
                        var index = (row - top) * rowLength + 3 * (columns.lowerBound - left)
                        for _ in columns {
                            red += Int(source[index])
                            green += Int(source[index + 1])
                            blue += Int(source[index + 2])
                            index += 3
                        }
                    }
                    let count = span.count * columns.count
                    let target = 3 * (y * side + x)
                    pixels[target] = UInt8(red / count)
                    pixels[target + 1] = UInt8(green / count)
                    pixels[target + 2] = UInt8(blue / count)
                }
            }
        }
        return RGBImage(width: side, height: side, pixels: pixels)
    }
}
