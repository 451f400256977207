import NeuralNetworks
import TIFF

/// Draws the connective tissue between the glands: wavy collagen fibres, oedema, and the nuclei strewn over it.
struct StromaPainter: Sendable {
    private let seed: UInt64
    private let pattern: Morphology.StromaPattern
    private let spacing: Double
    private let fibres: NoiseTexture
    private let clouds: NoiseTexture

    /// Side of the square that holds at most one nucleus, in micrometres.
    private static let cellSide = 7.0

    init(seed: UInt64, pattern: Morphology.StromaPattern, spacing: Double) {
        self.seed = seed
        self.pattern = pattern
        self.spacing = spacing
        fibres = NoiseTexture(seed: seed, layer: 0)
        clouds = NoiseTexture(seed: seed, layer: 1)
    }

    /// The ground at a point; fibres run along the lattice's rows, so they follow its bends.
    @inline(__always)
    func ground(slide: Vector, lattice: Vector) -> Dye {
        let cloud = clouds.value(x: slide.x / 23, y: slide.y / 23)
        let wave = Double(cloud) * 0.9
        let fibre = fibres.value(x: lattice.x / 21 + wave, y: lattice.y / 6 + wave)
        let fine = fibres.value(x: lattice.x / 6.1, y: lattice.y / 2.3)
        // Below zero the fibres part and the glass shines through.
        let density = 0.6 + 0.9 * fibre + 0.25 * fine + 0.5 * cloud - Float(pattern.paleness) * 0.7
        let strength = max(0.06, min(1.25, density + 0.35))
        return Dye(
            haematoxylin: 0.25 * strength + 0.02 * fine, eosin: Float(pattern.eosin) * strength + 0.05 * max(0, fibre))
    }

    /// Lays the nuclei over the window, place by place.
    func paintNuclei(on canvas: inout Canvas, isTissue: (Vector) -> Bool) {
        let side = Self.cellSide
        let window = canvas.window
        // A fibroblast reaches up to two places beyond its own.
        let columns = range(from: window.x, count: window.width, side: side)
        let rows = range(from: window.y, count: window.height, side: side)
        for row in rows {
            for column in columns {
                var random = SplitMix64(seed: seed, purpose: .stroma, column: column, row: row)
                let kind = random.unit()
                guard kind < pattern.lymphocytes + pattern.fibroblasts else { continue }
                let centre = Vector(
                    x: (Double(column) + random.unit()) * side, y: (Double(row) + random.unit()) * side)
                guard isTissue(centre) else { continue }
                let isLymphocyte = kind < pattern.lymphocytes
                let length = isLymphocyte ? random.uniform(5.2...7.4) : random.uniform(9...15)
                let width = isLymphocyte ? length * random.uniform(0.75...1) : random.uniform(2...3.2)
                let dye = Dye(
                    haematoxylin: Float(random.uniform(isLymphocyte ? 0.85...1.15 : 0.6...0.95)),
                    eosin: Float(random.uniform(0.2...0.35)))
                let ellipse = Ellipse(
                    centre: centre / spacing, axis: random.direction(), halfLength: max(0.8, length / 2 / spacing),
                    halfWidth: max(0.8, width / 2 / spacing))
                if isLymphocyte, random.chance(0.3) {
                    // The rim of cytoplasm of a plasma cell.
                    var rim = ellipse
                    rim.halfLength *= 1.6
                    rim.halfWidth *= 1.5
                    canvas.splat(rim, dye: Dye(haematoxylin: 0.4, eosin: 0.4), opacity: 0.7, label: nil)
                }
                canvas.splat(ellipse, dye: dye, opacity: 0.92, label: nil)
            }
        }
    }

    private func range(from start: Int, count: Int, side: Double) -> ClosedRange<Int> {
        let low = Double(start) * spacing / side
        let high = Double(start + count) * spacing / side
        return Int(low.rounded(.down)) - 2...Int(high.rounded(.down)) + 2
    }
}
