import Slides

/// The measures of one scan.
public struct QualityMeasures: Sendable, Hashable {
    /// Absent where there is nothing to measure it on: no tissue, or no window that is mostly tissue.
    public let values: [QualityMeasure: Double]

    /// Below this brightness tissue is taken for black, of 255.
    private static let darkBrightness = 30

    /// - Parameters:
    ///   - overview: the whole scan, small.
    ///   - tissue: found on the same overview, or everything.
    ///   - focus: of windows at full resolution.
    public init(overview: RGBImage, tissue: TissueMask, focus: FocusMeasure?) {
        let isTissue = Self.isTissue(tissue, width: overview.width, height: overview.height)
        let count = overview.width * overview.height
        var totals = Totals()
        overview.pixels.withUnsafeBufferPointer { pixels in
            for index in 0..<count {
                totals.add(
                    red: Int(pixels[3 * index]), green: Int(pixels[3 * index + 1]), blue: Int(pixels[3 * index + 2]),
                    isTissue: isTissue[index])
            }
        }
        var values: [QualityMeasure: Double] = [
            .tissueShare: tissue.share, .pixelsToUse: Double(totals.tissue),
            .penMarkings: Double(totals.pen) / Double(count),
        ]
        if totals.tissue > 0 {
            let tissue = Double(totals.tissue)
            values[.brightestPixels] = Double(totals.clipped) / tissue
            values[.dark] = Double(totals.dark) / tissue
            values[.grayscaleBrightness] = Double(totals.brightness) / tissue / 255
            values[.hematoxylinMean] = totals.hematoxylin / tissue
            values[.eosinMean] = totals.eosin / tissue
        }
        values[.tenengradContrast] = focus?.tenengrad
        values[.laplacianVariance] = focus?.laplacianVariance
        self.values = values
    }

    /// The mask at the overview's size; they differ where the mask is `everything`.
    private static func isTissue(_ tissue: TissueMask, width: Int, height: Int) -> [Bool] {
        let mask = tissue.mask
        if mask.width == width && mask.height == height { return mask.pixels }
        return (0..<width * height).map { index in
            mask.pixels[(index / width) * mask.height / height * mask.width + (index % width) * mask.width / width]
        }
    }

    /// Sums over pixels.
    private struct Totals {
        var (tissue, pen, clipped, dark, brightness) = (0, 0, 0, 0, 0)
        var (hematoxylin, eosin) = (0.0, 0.0)
        private let unmixing = StainProfile.ruifrok.unmixing
        private let densities = OpticalDensity.ofValue

        mutating func add(red: Int, green: Int, blue: Int, isTissue: Bool) {
            if PenMarks.isInk(red: red, green: green, blue: blue) { pen += 1 }
            guard isTissue else { return }
            tissue += 1
            if max(red, green, blue) == 255 { clipped += 1 }
            let level = (299 * red + 587 * green + 114 * blue) / 1000
            brightness += level
            if level < QualityMeasures.darkBrightness { dark += 1 }
            let density = [Double(densities[red]), Double(densities[green]), Double(densities[blue])]
            hematoxylin += unmixing[0] * density[0] + unmixing[1] * density[1] + unmixing[2] * density[2]
            eosin += unmixing[3] * density[0] + unmixing[4] * density[1] + unmixing[5] * density[2]
        }
    }
}
