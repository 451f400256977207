import NeuralNetworks

/// A place on the lattice of glands. Its order (row by row) is the order in which glands are drawn and numbered.
struct LatticeCell: Hashable, Comparable, Sendable {
    var column: Int
    var row: Int

    static func < (a: LatticeCell, b: LatticeCell) -> Bool {
        a.row != b.row ? a.row < b.row : a.column < b.column
    }
}

/// Where glands lie: a hexagonal lattice whose centres are jittered by a hash of their cell, so that any one of them is
/// known without its neighbours having been drawn. Positions are those of the plane that `Fold` maps to.
struct Lattice: Sendable {
    /// What a cell's hash says of it.
    struct Site: Sendable {
        var centre: Vector
        var isOccupied: Bool
        /// Whether its gland would grow together with the one to its left.
        var leansLeft: Bool
    }

    let seed: UInt64
    let pattern: Morphology.LatticePattern

    /// sqrt(3) / 2: the distance of rows in a hexagonal lattice of pitch 1.
    private static let rowDistance = 0.866_025_403_784_438_6
    /// Fused glands are never longer than this many cells.
    private static let longestChain = 4

    func site(_ cell: LatticeCell) -> Site {
        var random = SplitMix64(seed: seed, purpose: .site, column: cell.column, row: cell.row)
        let jitter = random.direction() * (random.unit() * pattern.jitter)
        let shift = cell.row & 1 == 0 ? 0.25 : 0.75
        let centre = Vector(
            x: Double(cell.column) + shift + jitter.x, y: (Double(cell.row) + 0.5) * Self.rowDistance + jitter.y)
        let leans = random.chance(pattern.fusion) && cell.column % Self.longestChain != 0
        return Site(
            centre: centre * pattern.pitch, isOccupied: random.chance(pattern.occupancy), leansLeft: leans)
    }

    /// Whether a cell's gland and the one to its left are lobes of one: both are there, and no third centre lies so near
    /// to the middle between theirs that its gland would cut the bridge.
    func joinsLeft(_ cell: LatticeCell) -> Bool {
        let right = site(cell)
        guard right.isOccupied, right.leansLeft else { return false }
        let leftCell = LatticeCell(column: cell.column - 1, row: cell.row)
        let left = site(leftCell)
        guard left.isOccupied else { return false }
        let middle = (left.centre + right.centre) / 2
        let clearance = (right.centre - left.centre).length / 2 + pattern.pitch * 0.2
        for row in -2...2 {
            for column in -3...2 {
                let other = LatticeCell(column: cell.column + column, row: cell.row + row)
                guard other != cell, other != leftCell else { continue }
                let neighbour = site(other)
                if neighbour.isOccupied, (neighbour.centre - middle).length < clearance { return false }
            }
        }
        return true
    }

    /// All lobes of the gland that a cell belongs to, from left to right.
    func lobes(of cell: LatticeCell) -> [LatticeCell] {
        var lobes = [cell]
        while let first = lobes.first, joinsLeft(first) {
            lobes.insert(LatticeCell(column: first.column - 1, row: first.row), at: 0)
        }
        var next = LatticeCell(column: cell.column + 1, row: cell.row)
        while joinsLeft(next) {
            lobes.append(next)
            next.column += 1
        }
        return lobes
    }

    /// The cells whose glands may reach into a rectangle of the lattice plane, in order.
    func cells(from low: Vector, to high: Vector) -> [LatticeCell] {
        let margin = 2
        let columns =
            Int((low.x / pattern.pitch).rounded(.down)) - margin...Int((high.x / pattern.pitch).rounded(.up)) + margin
        let height = pattern.pitch * Self.rowDistance
        let rows = Int((low.y / height).rounded(.down)) - margin...Int((high.y / height).rounded(.up)) + margin
        return rows.flatMap { row in columns.map { LatticeCell(column: $0, row: row) } }
    }
}
