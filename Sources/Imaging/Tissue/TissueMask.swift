import Slides

/// Where a scan shows tissue, found on an overview of it, so that clear glass is not analysed.
///
/// Tissue is what is coloured: saturation, smoothed over 3 x 3 pixels, above Otsu's threshold. That threshold is held
/// between absolute limits, for Otsu splits anything in two: a scan that is all tissue has to come out as all tissue, and blank
/// glass as none. What is grey but neither bright nor black counts too (scans without colour).
public struct TissueMask: Sendable, Hashable {
    public struct Options: Sendable, Hashable {
        /// Tissue of fewer pixels of the overview is dropped: dust. Of a very small scan, a 64th of it is enough.
        public var minimumArea: Int
        /// Holes of at most so many pixels of the overview are tissue: lumina.
        public var maximumHoleArea: Int
        /// Where Otsu's threshold begins, as saturation from 0 to 255. Glass stays below 12 even with the noise of JPEG; pale
        /// tissue may, too.
        public var minimumSaturation: Int

        public init(minimumArea: Int = 64, maximumHoleArea: Int = 4_096, minimumSaturation: Int = 12) {
            self.minimumArea = minimumArea
            self.maximumHoleArea = maximumHoleArea
            self.minimumSaturation = minimumSaturation
        }
    }

    /// How near a picture came to tissue.
    public struct Saturation: Sendable, Hashable {
        /// Of all of its pixels, smoothed, from 0 to 255.
        public let greatest: Int
        /// From which on it is tissue.
        public let threshold: Int
        /// The share of the picture that has it, dust and all, 0...1.
        public let shareAbove: Double
    }

    /// Where Otsu's threshold ends, likewise: what is above has a colour that glass, once balanced, has not.
    private static let surelyTissue = 20
    /// Grey that is neither glass nor ink nor the black around a scan, from 0 to 255.
    private static let tissueBrightness: ClosedRange<UInt8> = 50...175

    /// Foreground is tissue, at the overview's resolution.
    public let mask: MaskImage
    /// Pixels of the full resolution along one of the mask.
    public let downsampleX: Double
    public let downsampleY: Double
    /// The share of the scan that is tissue, 0...1.
    public let share: Double
    /// Nil where it was not looked at.
    public let saturation: Saturation?
    /// Number of tissue pixels above and left of each pixel corner, `[height + 1, width + 1]`.
    private let sums: [Int32]
    private let fullWidth: Int
    private let fullHeight: Int
    private let scale: OverviewScale?

    /// - Parameters:
    ///   - overview: the whole scan, small.
    ///   - fullWidth: size of the full resolution, in whose pixels windows are asked for.
    ///   - scale: of the overview, where its last pixels reach beyond the scan.
    public init(
        overview: RGBImage, fullWidth: Int, fullHeight: Int, scale: OverviewScale? = nil, options: Options = Options()
    ) {
        let planes = WhiteBalance(of: overview).planes(of: overview)
        let saturation = BoxBlur.blurred(planes.saturation, width: overview.width, height: overview.height)
        var histogram = [Int](repeating: 0, count: 256)
        for value in saturation { histogram[Int(value)] += 1 }
        let least = min(255, max(1, options.minimumSaturation))
        let limits = least...max(least, Self.surelyTissue)
        let otsu = OtsuThreshold.level(of: histogram) ?? limits.upperBound
        let threshold = UInt8(min(limits.upperBound, max(limits.lowerBound, otsu)))
        let raw = MaskImage(
            width: overview.width, height: overview.height,
            pixels: zip(saturation, planes.brightness).map { saturation, brightness in
                saturation >= threshold || Self.tissueBrightness.contains(brightness)
            })
        self.init(
            mask: Self.cleaned(raw, options: options), fullWidth: fullWidth, fullHeight: fullHeight, scale: scale,
            saturation: Saturation(
                greatest: histogram.lastIndex { $0 > 0 } ?? 0, threshold: Int(threshold),
                shareAbove: Double(histogram[Int(threshold)...].reduce(0, +)) / Double(saturation.count)))
    }

    /// A mask that calls everything tissue: for pipelines that do not look for it.
    ///
    /// - Parameter scale: of the overview that it may be restricted on.
    public static func everything(fullWidth: Int, fullHeight: Int, scale: OverviewScale? = nil) -> TissueMask {
        TissueMask(
            mask: MaskImage(width: 1, height: 1, pixels: [true]), fullWidth: fullWidth, fullHeight: fullHeight,
            scale: scale)
    }

    init(
        mask: MaskImage, fullWidth: Int, fullHeight: Int, scale: OverviewScale? = nil, saturation: Saturation? = nil
    ) {
        self.saturation = saturation
        precondition(fullWidth > 0 && fullHeight > 0, "a scan has at least one pixel")
        (self.mask, self.fullWidth, self.fullHeight, self.scale) = (mask, fullWidth, fullHeight, scale)
        let isOnePixel = mask.width == 1 && mask.height == 1
        downsampleX = isOnePixel ? Double(fullWidth) : scale?.x ?? Double(fullWidth) / Double(mask.width)
        downsampleY = isOnePixel ? Double(fullHeight) : scale?.y ?? Double(fullHeight) / Double(mask.height)
        let rowLength = mask.width + 1
        var sums = [Int32](repeating: 0, count: rowLength * (mask.height + 1))
        for y in 0..<mask.height {
            var row: Int32 = 0
            for x in 0..<mask.width {
                if mask.pixels[y * mask.width + x] { row += 1 }
                sums[(y + 1) * rowLength + x + 1] = sums[y * rowLength + x + 1] + row
            }
        }
        self.sums = sums
        share = Double(sums[sums.count - 1]) / Double(mask.width * mask.height)
    }

    /// What of it lies in a mask of the same picture; the mask itself where everything is tissue.
    public func restricted(to area: MaskImage) -> TissueMask {
        let isWhole = mask.width == 1 && mask.height == 1 && hasTissue
        return TissueMask(
            mask: isWhole ? area : mask.intersected(with: area), fullWidth: fullWidth, fullHeight: fullHeight,
            scale: scale, saturation: saturation)
    }

    public var hasTissue: Bool { sums[sums.count - 1] > 0 }

    /// The share of a window that is tissue, 0...1, from the pixels of the mask that the window touches; windows may reach
    /// outside of the scan.
    ///
    /// - Parameter window: in pixels of the full resolution.
    public func share(in window: PixelWindow) -> Double {
        func range(_ start: Int, _ length: Int, downsample: Double, count: Int) -> Range<Int> {
            let first = min(count - 1, max(0, Int((Double(start) / downsample).rounded(.down))))
            let end = min(count, max(first + 1, Int((Double(start + length) / downsample).rounded(.up))))
            return first..<end
        }
        let columns = range(window.x, window.width, downsample: downsampleX, count: mask.width)
        let rows = range(window.y, window.height, downsample: downsampleY, count: mask.height)
        let rowLength = mask.width + 1
        func sum(_ x: Int, _ y: Int) -> Int { Int(sums[y * rowLength + x]) }
        let tissue =
            sum(columns.upperBound, rows.upperBound) - sum(columns.lowerBound, rows.upperBound)
            - sum(columns.upperBound, rows.lowerBound) + sum(columns.lowerBound, rows.lowerBound)
        return Double(tissue) / Double(columns.count * rows.count)
    }

    private static func cleaned(_ mask: MaskImage, options: Options) -> MaskImage {
        let minimumArea = min(options.minimumArea, mask.width * mask.height / 64)
        let kept = mask.components.filter { $0.pixelCount >= minimumArea }
        return MaskImage(
            width: mask.width, height: mask.height,
            painting: kept.map { HoleFilling.filled($0, maximumArea: options.maximumHoleArea) })
    }
}
