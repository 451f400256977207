import Imaging
import NeuralNetworks
import Slides

/// Changes how much of each stain a picture shows.
///
/// In optical density the stains add up; each is scaled and shifted on its own. Source of the stains' colours: Ruifrok and
/// Johnston, "Quantification of histochemical staining by color deconvolution", 2001; of the change: Tellez et al.,
/// "Whole-slide mitosis detection in H&E breast histology using PHH3 as a reference", 2018.
struct StainJitter: Sendable {
    /// Rows: haematoxylin, eosin, a residual; columns: red, green, blue.
    private static let stains: [[Float]] = [[0.650, 0.704, 0.286], [0.072, 0.990, 0.105], [0.268, 0.570, 0.776]]
    private static let inverse = inverted(stains)
    private static let density: [Float] = (0..<256).map { -logarithm((Float($0) + 1) / 256) }
    /// Of a stain's amount, whose mean is 1, and of what is added to its density.
    private static let deviation: (scale: Float, shift: Float) = (0.25, 0.05)
    private static let scales: ClosedRange<Float> = 0.3...2

    /// Density to density, `[3, 3]`, then what is added.
    private let matrix: [[Float]]
    private let shift: [Float]

    init(_ random: inout SplitMix64, strength: Float) {
        let scales = (0..<3).map { _ in
            min(
                Self.scales.upperBound,
                max(Self.scales.lowerBound, 1 + Self.deviation.scale * strength * random.nextDeviate()))
        }
        let shifts = (0..<3).map { _ in Self.deviation.shift * strength * random.nextDeviate() }
        matrix = (0..<3).map { from in
            (0..<3).map { to in
                (0..<3).reduce(Float(0)) { $0 + Self.inverse[from][$1] * scales[$1] * Self.stains[$1][to] }
            }
        }
        shift = (0..<3).map { to in (0..<3).reduce(Float(0)) { $0 + shifts[$1] * Self.stains[$1][to] } }
    }

    func applied(to image: RGBImage) -> RGBImage {
        let pixels = image.pixels
        let changed = [UInt8](unsafeUninitializedCapacity: pixels.count) { buffer, count in
            for index in stride(from: 0, to: pixels.count, by: 3) {
                let red = Self.density[Int(pixels[index])]
                let green = Self.density[Int(pixels[index + 1])]
                let blue = Self.density[Int(pixels[index + 2])]
                for channel in 0..<3 {
                    let density =
                        red * matrix[0][channel] + green * matrix[1][channel] + blue * matrix[2][channel]
                        + shift[channel]
                    let value = 256 * exponential(-max(0, density)) - 1
                    buffer[index + channel] = UInt8(min(255, max(0, value.rounded())))
                }
            }
            count = pixels.count
        }
        return RGBImage(width: image.width, height: image.height, pixels: changed)
    }

    /// By cofactors.
    private static func inverted(_ m: [[Float]]) -> [[Float]] {
        func cofactor(_ row: Int, _ column: Int) -> Float {
            let (r, s) = ((row + 1) % 3, (row + 2) % 3)
            let (c, d) = ((column + 1) % 3, (column + 2) % 3)
            return m[r][c] * m[s][d] - m[r][d] * m[s][c]
        }
        let determinant = (0..<3).reduce(Float(0)) { $0 + m[0][$1] * cofactor(0, $1) }
        return (0..<3).map { row in (0..<3).map { cofactor($0, row) / determinant } }
    }
}
