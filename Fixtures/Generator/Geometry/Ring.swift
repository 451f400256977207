/// A closed curve around a centre as 64 radii, one a direction; between them the radius is interpolated.
///
/// Directions are spaced evenly on the "diamond angle" `y / (|x| + |y|)`, which needs no arc tangent.
struct Ring: Sendable {
    static let count = 64
    /// The directions that the radii belong to.
    static let directions: [Vector] = (0..<count).map { direction(atTurn: Double($0) / Double(count)) }

    private(set) var radii: [Double]

    init(radii: [Double]) {
        precondition(radii.count == Self.count, "a ring has \(Self.count) radii")
        self.radii = radii
    }

    /// - Parameter turn: the share of a whole turn, in `[0, 1)` (of the diamond angle: quarters are exact).
    static func direction(atTurn turn: Double) -> Vector {
        let quarters = (turn - turn.rounded(.down)) * 4
        let part = quarters - quarters.rounded(.down)
        let first = Vector(x: 1 - part, y: part).normalised
        switch Int(quarters) {
        case 0: return first
        case 1: return first.normal
        case 2: return first.normal.normal
        default: return first.normal.normal.normal
        }
    }

    /// Where on the ring a displacement points: in `[0, count)`.
    @inline(__always)
    static func position(x: Double, y: Double) -> Double {
        let sum = abs(x) + abs(y)
        guard sum > 0 else { return 0 }
        let slope = y / sum
        let quarters = x >= 0 ? (y >= 0 ? slope : 4 + slope) : 2 - slope
        return quarters * Double(count / 4)
    }

    /// The radius at a position of `position(x:y:)`.
    @inline(__always)
    func radius(at position: Double) -> Double {
        let index = Int(position)
        let part = position - Double(index)
        let low = radii[index & (Self.count - 1)]
        return low + (radii[(index + 1) & (Self.count - 1)] - low) * part
    }

    var largest: Double { radii.reduce(0, max) }

    /// The ring with its corners rounded: `passes` of a 1-2-1 average over neighbouring directions.
    func smoothed(passes: Int) -> Ring {
        var current = radii
        for _ in 0..<passes {
            let last = current
            for k in 0..<Self.count {
                let neighbours = last[(k + Self.count - 1) % Self.count] + last[(k + 1) % Self.count]
                current[k] = (neighbours + 2 * last[k]) / 4
            }
        }
        return Ring(radii: current)
    }
}

extension Ring {
    /// Turns that are `spacing` apart along the curve, starting at `phase` (a share of the spacing).
    func turns(spacing: Double, phase: Double) -> [Double] {
        let points = zip(Self.directions, radii).map { $0 * $1 }
        var turns: [Double] = []
        var ahead = phase * spacing
        for k in 0..<Self.count {
            let length = (points[(k + 1) % Self.count] - points[k]).length
            while ahead < length {
                turns.append((Double(k) + ahead / length) / Double(Self.count))
                ahead += spacing
            }
            ahead -= length
        }
        return turns
    }
}
