import NeuralNetworks

/// The geometry of one gland (or of one lobe of a fused one) around its centre on the lattice plane: an outline, which
/// holds the whole gland as annotators mark it, epithelium and lumen alike; and the lumen within.
struct Gland: Sendable {
    let cell: LatticeCell
    /// The cells that have grown together, this one among them.
    let lobes: [LatticeCell]
    let centre: Vector
    let outline: Ring
    let lumen: Ring

    /// What all the lobes of a gland are known by: the first of them.
    var root: LatticeCell { lobes.first ?? cell }

    /// - Returns: `nil` where the cell is empty.
    init?(cell: LatticeCell, lattice: Lattice, morphology: Morphology) {
        let site = lattice.site(cell)
        guard site.isOccupied else { return nil }
        lobes = lattice.lobes(of: cell)
        var random = SplitMix64(seed: lattice.seed, purpose: .gland, column: cell.column, row: cell.row)
        let outline = Self.outline(
            around: site, of: cell, lattice: lattice, pattern: morphology.outline, random: &random)
        self.cell = cell
        centre = site.centre
        self.outline = outline
        lumen = Self.lumen(within: outline, pattern: morphology.lumen, random: &random)
    }

    /// A wavy circle, cut back to the part of the plane that is nearer to this centre than to any neighbour's, less
    /// half the gap: glands squeeze each other as real ones do, and never overlap.
    private static func outline(
        around site: Lattice.Site, of cell: LatticeCell, lattice: Lattice, pattern: Morphology.OutlinePattern,
        random: inout SplitMix64
    ) -> Ring {
        let radius = random.uniform(pattern.diameter) / 2
        let waves = (2...6).map { _ in random.direction() * (random.unit() * pattern.irregularity) }
        var wished = Ring.directions.map { direction in
            var angle = direction
            var factor = 1.0
            for wave in waves {
                angle = angle.turned(by: direction)
                factor += wave.dot(angle)
            }
            return radius * max(0.35, factor)
        }
        let isJoinedLeft = lattice.joinsLeft(cell)
        let isJoinedRight = lattice.joinsLeft(LatticeCell(column: cell.column + 1, row: cell.row))
        var limits = [Double](repeating: .infinity, count: Ring.count)
        for row in -2...2 {
            for column in -2...2 where (row, column) != (0, 0) {
                let other = LatticeCell(column: cell.column + column, row: cell.row + row)
                let neighbour = lattice.site(other)
                guard neighbour.isOccupied else { continue }
                let isJoined = row == 0 && (column == -1 ? isJoinedLeft : column == 1 && isJoinedRight)
                let offset = neighbour.centre - site.centre
                let distance = offset.length
                // Joined lobes overlap by a little, so that no seam of stroma is left between them.
                let halfway = distance / 2 + (isJoined ? 1.5 : -pattern.gap / 2)
                for (index, direction) in Ring.directions.enumerated() {
                    let cosine = direction.dot(offset) / distance
                    guard cosine > 0.05 else { continue }
                    limits[index] = min(limits[index], halfway / cosine)
                    if isJoined, cosine > 0.8 { wished[index] = max(wished[index], halfway / cosine) }
                }
            }
        }
        let rounded = Ring(radii: zip(wished, limits).map(min)).smoothed(passes: 3)
        return Ring(radii: zip(rounded.radii, limits).map { max(2, min($0, $1)) })
    }

    private static func lumen(
        within outline: Ring, pattern: Morphology.LumenPattern, random: inout SplitMix64
    ) -> Ring {
        let share = random.uniform(pattern.share)
        let axis = random.direction()
        let waves = (2...4).map { _ in random.direction() * (random.unit() * 0.12) }
        let teeth: Double
        let slimness: Double
        switch pattern.shape {
        case .round: (teeth, slimness) = (0, random.uniform(0.65...1))
        case .slit: (teeth, slimness) = (0, random.uniform(0.22...0.6))
        case .sawtooth(let range): (teeth, slimness) = (Double(random.integer(range)), random.uniform(0.7...1))
        }
        let radii = zip(Ring.directions, outline.radii).enumerated().map { index, pair in
            let (direction, radius) = pair
            let along = direction.dot(axis) * slimness
            let across = direction.dot(axis.normal) / slimness
            var factor = 1 / (along * along + across * across).squareRoot()
            var angle = direction
            for wave in waves {
                angle = angle.turned(by: direction)
                factor += wave.dot(angle)
            }
            if teeth > 0 {
                let phase = Double(index) / Double(Ring.count) * teeth
                let part = phase - phase.rounded(.down)
                // A tooth rises over most of its width and falls off steeply, between 0.45 and 1.45 of the mean.
                factor *= 0.45 + (part < 0.7 ? part / 0.7 : (1 - part) / 0.3)
            }
            return min(radius * share * max(0.1, factor), radius * 0.8)
        }
        return Ring(radii: radii).smoothed(passes: teeth > 0 ? 1 : 2)
    }

    /// A point of the gland by the turn around its centre and the depth into the epithelium: 0 at the border, 1 at the
    /// lumen.
    func point(atTurn turn: Double, depth: Double) -> Vector {
        let position = (turn - turn.rounded(.down)) * Double(Ring.count)
        let outer = outline.radius(at: position)
        let inner = lumen.radius(at: position)
        return centre + Ring.direction(atTurn: turn) * (outer + (inner - outer) * depth)
    }
}
