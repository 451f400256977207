import NeuralNetworks
import Slides

/// Draws one gland: epithelium and lumen pixel by pixel, then goblet cells, nuclei and holes as ellipses over it.
struct GlandPainter: Sendable {
    let seed: UInt64
    let morphology: Morphology
    let fold: Fold
    /// Side of a pixel, in the lengths of ``Morphology``.
    let spacing: Double
    let texture: NoiseTexture

    init(seed: UInt64, morphology: Morphology, fold: Fold, spacing: Double) {
        self.seed = seed
        self.morphology = morphology
        self.fold = fold
        self.spacing = spacing
        texture = NoiseTexture(seed: seed, layer: 2)
    }

    /// - Parameters:
    ///   - bounds: the pixels that the gland may touch, within the window.
    ///   - positions: every pixel of the window on the lattice plane, row by row.
    func paint(_ gland: Gland, label: UInt16, bounds: PixelWindow, positions: [Vector], on canvas: inout Canvas) {
        var random = SplitMix64(
            seed: seed, purpose: .glandDetail, column: gland.cell.column, row: gland.cell.row)
        paintBody(gland, label: label, bounds: bounds, positions: positions, on: &canvas)
        paintGoblets(gland, label: label, random: &random, on: &canvas)
        paintNuclei(gland, label: label, random: &random, on: &canvas)
        paintHoles(gland, label: label, random: &random, on: &canvas)
    }

    private func paintBody(
        _ gland: Gland, label: UInt16, bounds: PixelWindow, positions: [Vector], on canvas: inout Canvas
    ) {
        let window = canvas.window
        let pixel = Float(spacing)
        let membrane = 1.8
        let reach = gland.outline.largest + membrane
        for y in bounds.y..<bounds.y + bounds.height {
            for x in bounds.x..<bounds.x + bounds.width {
                let index = (y - window.y) * window.width + x - window.x
                let offset = positions[index] - gland.centre
                let square = offset.dot(offset)
                guard square < reach * reach else { continue }
                let radius = square.squareRoot()
                let turn = Ring.position(x: offset.x, y: offset.y)
                let outer = gland.outline.radius(at: turn)
                // The share of a pixel on the border that the gland covers.
                let coverage = min(1, 0.5 + Float(outer - radius) / pixel)
                if radius < outer {
                    canvas.mark(label, at: index)
                } else {
                    guard canvas.labels[index] == 0, radius < outer + membrane else { continue }
                    canvas.blend(Dye(haematoxylin: 0.2, eosin: 0.42), opacity: 0.6, at: index)
                    guard coverage > 0 else { continue }
                }
                let inner = gland.lumen.radius(at: turn)
                let depth = max(0, Float((outer - radius) / max(1, outer - inner)))
                let grain = texture.value(x: positions[index].x / 3.1, y: positions[index].y / 3.1)
                let epithelium = Dye(
                    haematoxylin: morphology.epithelium.haematoxylin * (1.1 - 0.3 * min(1, depth)) + 0.1 * grain,
                    eosin: morphology.epithelium.eosin * (0.9 + 0.3 * min(1, depth)))
                canvas.blend(epithelium, opacity: coverage, at: index)
                if radius < inner + spacing {
                    let opacity = min(1, 0.5 + Float(inner - radius) / (1.6 * pixel))
                    canvas.blend(lumenDye(at: positions[index]), opacity: max(0, opacity), at: index)
                }
            }
        }
    }

    private func lumenDye(at position: Vector) -> Dye {
        let cloud = texture.value(x: position.x / 7, y: position.y / 7)
        switch morphology.lumen.content {
        case .mucus:
            return Dye(haematoxylin: 0.05 + 0.05 * cloud, eosin: 0.03 + 0.02 * cloud)
        case .debris:
            let speck = texture.value(x: position.x / 2.2, y: position.y / 2.2)
            let amount = max(0, cloud + 0.25)
            return Dye(haematoxylin: 0.05 + amount * (0.2 + 0.5 * max(0, speck)), eosin: 0.03 + 0.5 * amount)
        }
    }

    private func paintGoblets(_ gland: Gland, label: UInt16, random: inout SplitMix64, on canvas: inout Canvas) {
        let pattern = morphology.goblets
        guard pattern.share > 0 else { return }
        for turn in gland.outline.turns(spacing: pattern.width, phase: random.unit()) {
            guard random.chance(pattern.share) else { continue }
            let middle = random.uniform(0.5...0.62)
            let dye = Dye(
                haematoxylin: Float(random.uniform(0.06...0.26)), eosin: Float(random.uniform(0.03...0.12)))
            let top = gland.point(atTurn: turn, depth: 0.95)
            let bottom = gland.point(atTurn: turn, depth: 0.2)
            // The cells of a round gland taper towards its lumen.
            let taper =
                (gland.point(atTurn: turn, depth: middle) - gland.centre).length
                / max(1, (gland.point(atTurn: turn, depth: 0) - gland.centre).length)
            let length = (top - bottom).length * random.uniform(0.75...1)
            let width = max(3, pattern.width * taper * random.uniform(0.75...1.0))
            splat(
                gland, turn: turn, depth: middle, length: length, width: width, tilt: .zero, dye: dye, opacity: 0.9,
                label: label, on: &canvas)
        }
    }

    private func paintNuclei(_ gland: Gland, label: UInt16, random: inout SplitMix64, on canvas: inout Canvas) {
        let pattern = morphology.nuclei
        for layer in 0..<pattern.layers {
            for turn in gland.outline.turns(spacing: pattern.spacing, phase: random.unit()) {
                let size = 1 + pattern.pleomorphism * random.uniform(-0.45...0.55)
                let length = pattern.length * size
                let width = pattern.width * (1 + pattern.pleomorphism * random.uniform(-0.4...0.4))
                let thickness =
                    (fold.slide(gland.point(atTurn: turn, depth: 0)) - fold.slide(gland.point(atTurn: turn, depth: 1)))
                    .length
                // The lowest layer stands on the base, which is where annotators draw the border; each further one has
                // its share of the nuclei's zone.
                let base = length / 2 / max(thickness, 1)
                let zone = pattern.depth * (Double(layer) + random.unit()) / Double(pattern.layers)
                let depth = base + zone * max(0, 1 - 2 * base)
                let tilt = random.direction() * (0.15 + pattern.pleomorphism)
                let dark = pattern.haematoxylin * random.uniform(0.85...1.12)
                let eosin = random.uniform(0.15...0.3)
                guard depth < 0.97 else { continue }
                let dye = Dye(haematoxylin: Float(dark), eosin: Float(eosin))
                splat(
                    gland, turn: turn, depth: depth, length: length, width: width, tilt: tilt, dye: dye, opacity: 0.9,
                    label: label, on: &canvas)
                if pattern.pleomorphism > 0.5, random.chance(0.6) {
                    // A vesicular nucleus: pale within a dark rim.
                    let pale = Dye(haematoxylin: Float(dark * 0.62), eosin: Float(eosin))
                    splat(
                        gland, turn: turn, depth: depth, length: length * 0.6, width: width * 0.6, tilt: tilt,
                        dye: pale, opacity: 0.8, label: label, on: &canvas)
                }
            }
        }
    }

    private func paintHoles(_ gland: Gland, label: UInt16, random: inout SplitMix64, on canvas: inout Canvas) {
        for _ in 0..<random.integer(morphology.lumen.holes) {
            let turn = random.unit()
            let depth = random.uniform(0.35...0.7)
            let size = random.uniform(8...22)
            let dye = lumenDye(at: gland.point(atTurn: turn, depth: depth))
            splat(
                gland, turn: turn, depth: depth, length: size, width: size * random.uniform(0.6...1),
                tilt: random.direction(), dye: dye, opacity: 1, label: label, on: &canvas)
        }
    }

    /// An ellipse within a gland, its length along the cell's axis (from the border to the lumen), turned by `tilt`.
    private func splat(
        _ gland: Gland, turn: Double, depth: Double, length: Double, width: Double, tilt: Vector, dye: Dye,
        opacity: Float, label: UInt16, on canvas: inout Canvas
    ) {
        let place = fold.slide(gland.point(atTurn: turn, depth: depth))
        let inward = fold.slide(gland.point(atTurn: turn, depth: depth + 0.05))
        let axis = ((inward - place).normalised + tilt).normalised
        let ellipse = Ellipse(
            centre: place / spacing, axis: axis, halfLength: max(0.8, length / 2 / spacing),
            halfWidth: max(0.8, width / 2 / spacing))
        canvas.splat(ellipse, dye: dye, opacity: opacity, label: label)
    }
}
