import NeuralNetworks

/// The feature maps of one layer side by side, each stretched from its least value (black) to its greatest (white) and
/// labelled with its channel and these two.
public struct FeatureSheet: Sendable {
    public let image: GreyImage

    private static let leastSide = 96
    private static let greatestSide = 256
    private static let gap = 8
    private static let titleScale = 2
    private static let largestCount = 1 << 14
    /// Pixels of maps in the sheet, about: what a viewer still opens.
    private static let pixelBudget = 48_000_000.0

    /// - Parameters:
    ///   - features: `[N, C, H, W]`, of which the first image is shown; or `[N, F]`, shown as one map of about as many
    ///     rows as columns; or `[N, H, W]`, shown as one map.
    ///   - title: the line above.
    /// - Throws: `ImagingError.invalidParameter` for other shapes and types, `ImagingError.limitExceeded`.
    public init(_ features: Tensor, title: String) throws(ImagingError) {
        let maps = try FeatureMap.maps(of: features)
        guard maps.count <= Self.largestCount else {
            throw .limitExceeded(what: "number of feature maps", value: maps.count, limit: Self.largestCount)
        }
        guard let first = maps.first else {
            throw .invalidParameter(name: "layer", reason: "its values \(features.shape) hold no feature map")
        }
        let affordable = Int((Self.pixelBudget / Double(maps.count)).squareRoot())
        let scale = PictureScale(
            width: first.width, height: first.height, least: min(Self.leastSide, affordable),
            greatest: min(Self.greatestSide, affordable))
        let label = BitmapFont.height + 3
        let widestLabel = maps.reduce(0) { max($0, $1.label.count) } * BitmapFont.advance
        let cell = (width: max(scale.width, widestLabel) + Self.gap, height: scale.height + label + Self.gap)
        let heading = BitmapFont.height * Self.titleScale + 2 * Self.gap
        // About square, and wide enough for the title.
        let square = (Double(maps.count * cell.height) / Double(cell.width)).squareRoot().rounded(.up)
        let columns = max(1, min(maps.count, Int(square)))
        let rows = (maps.count + columns - 1) / columns
        let titleWidth = title.count * BitmapFont.advance * Self.titleScale
        var canvas = GreyCanvas(
            width: Self.gap + max(columns * cell.width, min(titleWidth + Self.gap, 4_096)),
            height: heading + rows * cell.height, background: 24)
        canvas.write(title, x: Self.gap, y: Self.gap, scale: Self.titleScale, level: 255)
        for (index, map) in maps.enumerated() {
            let (x, y) = (Self.gap + index % columns * cell.width, heading + index / columns * cell.height)
            canvas.write(map.label, x: x, y: y, level: 200)
            map.draw(on: &canvas, x: x, y: y + label, scale)
        }
        image = canvas.image
    }
}

/// By how much whole pixels are repeated, or squares of them averaged.
struct PictureScale {
    let factor: Int
    let divisor: Int
    /// Of the scaled picture.
    let width: Int
    let height: Int

    /// Brings the longer side to `least` or more and to `greatest` or less.
    init(width: Int, height: Int, least: Int, greatest: Int) {
        let side = max(width, height)
        divisor = max(1, (side + max(greatest, 1) - 1) / max(greatest, 1))
        factor = divisor > 1 ? 1 : max(1, (least + side - 1) / side)
        self.width = (width + divisor - 1) / divisor * factor
        self.height = (height + divisor - 1) / divisor * factor
    }
}
