import Slides

/// Which small squares of a scan are out of focus: those much less sharp than most of the same scan's tissue. A scan that is
/// blurred as a whole is not told so; that is what quality thresholds are for.
public struct BlurMeasure {
    /// Side of a square, in pixels, at about this spacing.
    public static let side = 64
    public static let micrometresPerPixel = 1.4

    /// Of the median of the variance of the Laplacian; squares without any structure, such as mucus, are as low, but
    /// rare: 0.04 % in scans that are sharp.
    private static let leastSharpness = 0.1
    /// Too few to say what is usual.
    private static let leastSquares = 8

    private var squares: [(window: PixelWindow, sharpness: Double)] = []

    public init() {}

    /// - Parameter window: where it lies, in any pixels.
    public mutating func add(_ square: RGBImage, at window: PixelWindow) {
        guard let measure = FocusMeasure(of: square) else { return }
        squares.append((window, measure.laplacianVariance))
    }

    /// The windows of the squares that are out of focus.
    public var blurred: [PixelWindow] {
        guard squares.count >= Self.leastSquares else { return [] }
        let median = squares.map(\.sharpness).sorted()[squares.count / 2]
        return squares.filter { $0.sharpness < Self.leastSharpness * median }.map(\.window)
    }
}
