import NeuralNetworks

/// The map from the slide to the plane in which glands lie on a regular lattice: two shear waves bend it, a turn and a
/// stretch give the glands their common axis. Every step has an exact inverse and keeps areas, so glands that do not
/// overlap on the lattice do not overlap on the slide.
struct Fold: Sendable {
    private let horizontal: Wave
    private let vertical: Wave
    private let axis: Vector
    private let stretch: Double

    init(seed: UInt64, pattern: Morphology.LatticePattern) {
        var random = SplitMix64(seed: seed, purpose: .fold)
        axis = random.direction()
        stretch = random.uniform(pattern.stretch).squareRoot()
        // A slope of about a half is where shears still look like bends and not like smears.
        let amplitude = pattern.pitch * 0.5 * pattern.tortuosity
        horizontal = Wave(amplitude: amplitude, length: pattern.pitch * 1.9, random: &random)
        vertical = Wave(amplitude: amplitude, length: pattern.pitch * 2.3, random: &random)
    }

    /// How far a point can be carried off by the bends, per axis.
    var reach: Double { horizontal.amplitude + vertical.amplitude }
    /// The most by which a length on the lattice can grow on the slide.
    var largestStretch: Double { stretch * (1 + horizontal.largestSlope) * (1 + vertical.largestSlope) }

    /// The displacement along x that all of a row of the slide share.
    func rowShift(y: Double) -> Double { horizontal.value(at: y) }

    /// From the slide to the lattice, for a row whose `rowShift` is known.
    @inline(__always)
    func lattice(x: Double, y: Double, rowShift: Double) -> Vector {
        let bentX = x + rowShift
        let bentY = y + vertical.value(at: bentX)
        let along = (bentX * axis.x + bentY * axis.y) / stretch
        let across = (bentY * axis.x - bentX * axis.y) * stretch
        return Vector(x: along, y: across)
    }

    func lattice(_ point: Vector) -> Vector {
        lattice(x: point.x, y: point.y, rowShift: rowShift(y: point.y))
    }

    /// The rectangle of the lattice plane around a rectangle whose points are already bent.
    func straightLattice(from low: Vector, to high: Vector) -> (low: Vector, high: Vector) {
        let corners = [low, Vector(x: high.x, y: low.y), Vector(x: low.x, y: high.y), high].map { corner in
            Vector(
                x: (corner.x * axis.x + corner.y * axis.y) / stretch,
                y: (corner.y * axis.x - corner.x * axis.y) * stretch)
        }
        let xs = corners.map(\.x)
        let ys = corners.map(\.y)
        return (
            Vector(x: xs.min() ?? 0, y: ys.min() ?? 0), Vector(x: xs.max() ?? 0, y: ys.max() ?? 0)
        )
    }

    func slide(_ point: Vector) -> Vector {
        let along = point.x * stretch
        let across = point.y / stretch
        let bentX = along * axis.x - across * axis.y
        let bentY = along * axis.y + across * axis.x
        let y = bentY - vertical.value(at: bentX)
        return Vector(x: bentX - horizontal.value(at: y), y: y)
    }
}

/// A smooth random function of one coordinate: value noise between knots, repeated after 256 of them.
private struct Wave: Sendable {
    let amplitude: Double
    private let length: Double
    private let knots: [Double]

    init(amplitude: Double, length: Double, random: inout SplitMix64) {
        self.amplitude = amplitude
        self.length = length
        knots = (0..<256).map { _ in random.uniform(-1...1) }
    }

    /// The smooth step's steepest slope is 3/2, between knots at most 2 apart.
    var largestSlope: Double { 3 * amplitude / length }

    @inline(__always)
    func value(at position: Double) -> Double {
        let (floor, part) = floorAndPart(position / length)
        let low = knots[floor & 255]
        return amplitude * (low + (knots[(floor + 1) & 255] - low) * smoothStep(part))
    }
}
