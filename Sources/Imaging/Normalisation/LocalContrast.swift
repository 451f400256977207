import Slides

/// Contrast limited adaptive histogram equalisation of the lightness L* (Zuiderveld, "Contrast limited adaptive histogram
/// equalization", Graphics Gems IV, 1994); hue and chroma stay.
///
/// The histograms are those of a grid of regions over the whole scan, taken once on its overview. So what a pixel becomes depends
/// on its place in the scan and not on the tile that it is read in.
struct LocalContrast: Sendable, Hashable {
    private static let levels = 256

    /// Along each side; fewer than asked for where the overview has fewer pixels.
    private let columns: Int
    private let rows: Int
    /// Size of the overview in regions: the last ones may reach outside of it.
    private let widthInRegions: Float
    private let heightInRegions: Float
    /// What each lightness becomes in the middle of each region, `[rows, columns, 256]`, 255 for L* = 100.
    private let mapping: [UInt8]

    init(overview: RGBImage, options: LocalContrastOptions) {
        columns = min(options.regions, overview.width)
        rows = min(options.regions, overview.height)
        let regionWidth = (overview.width + columns - 1) / columns
        let regionHeight = (overview.height + rows - 1) / rows
        widthInRegions = Float(overview.width) / Float(regionWidth)
        heightInRegions = Float(overview.height) / Float(regionHeight)
        let lightness = Self.lightness(of: overview)
        var mapping: [UInt8] = []
        mapping.reserveCapacity(rows * columns * Self.levels)
        for row in 0..<rows {
            for column in 0..<columns {
                var histogram = [Int](repeating: 0, count: Self.levels)
                // A region that reaches outside of the overview sees it mirrored.
                for y in row * regionHeight..<(row + 1) * regionHeight {
                    let line = Reflection.fold(y, length: overview.height) * overview.width
                    for x in column * regionWidth..<(column + 1) * regionWidth {
                        histogram[Int(lightness[line + Reflection.fold(x, length: overview.width)])] += 1
                    }
                }
                mapping += Self.equalising(histogram, count: regionWidth * regionHeight, clip: options.clip)
            }
        }
        self.mapping = mapping
    }

    /// What each level becomes, `[256]`: the histogram's running sum, its counts cut at the limit.
    private static func equalising(_ histogram: [Int], count: Int, clip: Double) -> [UInt8] {
        let limit = max(1, Int(clip * Double(count) / Double(levels)))
        let excess = histogram.reduce(0) { $0 + max(0, $1 - limit) }
        var clipped = histogram.map { min($0, limit) + excess / levels }
        // What does not divide goes to levels that are evenly spread.
        let rest = excess % levels
        if rest > 0 {
            for level in stride(from: 0, to: levels, by: max(1, levels / rest)).prefix(rest) { clipped[level] += 1 }
        }
        let scale = Double(levels - 1) / Double(count)
        var sum = 0
        return clipped.map { occurrences in
            sum += occurrences
            return UInt8(min(255, (Double(sum) * scale).rounded()))
        }
    }

    private static func lightness(of image: RGBImage) -> [UInt8] {
        CIELab.withTables { tables in
            stride(from: 0, to: image.pixels.count, by: 3).map { index in
                level(
                    of: tables.lab(
                        red: image.pixels[index], green: image.pixels[index + 1], blue: image.pixels[index + 2]
                    ).0)
            }
        }
    }

    private static func level(of lightness: Float) -> UInt8 { UInt8(max(0, min(255, lightness * 2.55 + 0.5))) }

    func applied(to image: RGBImage, at place: PicturePlace) -> RGBImage {
        let across = (0..<image.width).map {
            neighbours(of: place.x + $0, length: place.scanWidth, lengthInRegions: widthInRegions, count: columns)
        }
        let pixels = [UInt8](unsafeUninitializedCapacity: image.pixels.count) { buffer, initialized in
            CIELab.withTables { tables in
                image.pixels.withUnsafeBufferPointer { pixels in
                    mapping.withUnsafeBufferPointer { mapping in
                        for y in 0..<image.height {
                            let down = neighbours(
                                of: place.y + y, length: place.scanHeight, lengthInRegions: heightInRegions,
                                count: rows)
                            for x in 0..<image.width {
                                let index = 3 * (y * image.width + x)
                                let lab = tables.lab(
                                    red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
                                let level = Int(Self.level(of: lab.0))
                                func mapped(_ row: Int, _ column: Int) -> Float {
                                    Float(mapping[(row * columns + column) * Self.levels + level])
                                }
                                let (side, share) = (across[x], across[x].share)
                                let above =
                                    mapped(down.first, side.first) * (1 - share)
                                    + mapped(down.first, side.second) * share
                                let below =
                                    mapped(down.second, side.first) * (1 - share)
                                    + mapped(down.second, side.second) * share
                                let lightness = (above + (below - above) * down.share) / 2.55
                                (buffer[index], buffer[index + 1], buffer[index + 2]) = tables.rgb(
                                    lightness, lab.1, lab.2)
                            }
                        }
                    }
                }
            }
            initialized = image.pixels.count
        }
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }

    /// The two regions whose middles lie on either side of a pixel, and how much the second counts.
    private func neighbours(
        of position: Int, length: Int, lengthInRegions: Float, count: Int
    ) -> (first: Int, second: Int, share: Float) {
        let inRegions = (Float(position) + 0.5) / Float(length) * lengthInRegions - 0.5
        let below = inRegions.rounded(.down)
        let first = min(count - 1, max(0, Int(below)))
        let second = min(count - 1, max(0, Int(below) + 1))
        return (first, second, inRegions - below)
    }
}
