import Slides

/// How sharp a picture of the full resolution is; both numbers fall when it is blurred. They depend on the tissue and the
/// magnification too, so thresholds hold for one scanner and stain.
public struct FocusMeasure: Sendable, Hashable {
    /// Variance of the Laplacian (4 neighbours) of the brightness (Pech-Pacheco et al. 2000).
    public let laplacianVariance: Double
    /// Mean of the squared Sobel gradient of the brightness (Tenenbaum 1970).
    public let tenengrad: Double

    /// Nil for a picture of less than 3 x 3 pixels.
    public init?(of image: RGBImage) {
        guard image.width >= 3, image.height >= 3 else { return nil }
        let grey = GreyImage(luminanceOf: image)
        let width = grey.width
        var (sum, squares, gradients) = (0, 0, 0)
        grey.pixels.withUnsafeBufferPointer { pixels in
            for y in 1..<grey.height - 1 {
                for x in 1..<width - 1 {
                    func level(_ dx: Int, _ dy: Int) -> Int { Int(pixels[(y + dy) * width + x + dx]) }
                    let laplacian = level(-1, 0) + level(1, 0) + level(0, -1) + level(0, 1) - 4 * level(0, 0)
                    sum += laplacian
                    squares += laplacian * laplacian
                    let right = level(1, -1) + 2 * level(1, 0) + level(1, 1)
                    let left = level(-1, -1) + 2 * level(-1, 0) + level(-1, 1)
                    let below = level(-1, 1) + 2 * level(0, 1) + level(1, 1)
                    let above = level(-1, -1) + 2 * level(0, -1) + level(1, -1)
                    gradients += (right - left) * (right - left) + (below - above) * (below - above)
                }
            }
        }
        let count = Double((width - 2) * (grey.height - 2))
        let mean = Double(sum) / count
        laplacianVariance = Double(squares) / count - mean * mean
        tenengrad = Double(gradients) / count
    }

    init(laplacianVariance: Double, tenengrad: Double) {
        self.laplacianVariance = laplacianVariance
        self.tenengrad = tenengrad
    }

    /// The median of each number: what most of the tissue is like. Nil for no measures.
    public static func median(of measures: [FocusMeasure]) -> FocusMeasure? {
        guard !measures.isEmpty else { return nil }
        func median(_ values: [Double]) -> Double {
            let sorted = values.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
        return FocusMeasure(
            laplacianVariance: median(measures.map(\.laplacianVariance)), tenengrad: median(measures.map(\.tenengrad)))
    }

    /// Windows of the full resolution to measure: at most `count`, spread evenly over those of a regular grid that are mostly
    /// tissue. The same for the same scan, always.
    public static func windows(in tissue: TissueMask, width: Int, height: Int, count: Int, side: Int) -> [PixelWindow] {
        precondition(count > 0 && side > 0, "nothing to measure")
        let (windowWidth, windowHeight) = (min(side, width), min(side, height))
        // A grid fine enough that small tissue is met, coarse enough that a huge scan has some 10,000 places.
        let stepX = max(windowWidth, width / 100)
        let stepY = max(windowHeight, height / 100)
        var candidates: [PixelWindow] = []
        for y in stride(from: 0, through: height - windowHeight, by: stepY) {
            for x in stride(from: 0, through: width - windowWidth, by: stepX) {
                let window = PixelWindow(x: x, y: y, width: windowWidth, height: windowHeight)
                if tissue.share(in: window) > 0.5 { candidates.append(window) }
            }
        }
        guard candidates.count > count else { return candidates }
        return (0..<count).map { candidates[$0 * candidates.count / count] }
    }
}
