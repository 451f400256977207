/// A point or a displacement in the plane; in the lengths of ``Morphology`` on the slide where nothing else is said.
struct Vector: Equatable, Sendable {
    var x: Double
    var y: Double

    static let zero = Vector(x: 0, y: 0)

    var length: Double { dot(self).squareRoot() }
    /// Turned by a quarter.
    var normal: Vector { Vector(x: -y, y: x) }
    /// The same direction with length 1; `(1, 0)` where there is none.
    var normalised: Vector { length > 0 ? self / length : Vector(x: 1, y: 0) }

    func dot(_ other: Vector) -> Double { x * other.x + y * other.y }
    /// The product as complex numbers: turns `self` by the angle of `other`.
    func turned(by other: Vector) -> Vector {
        Vector(x: x * other.x - y * other.y, y: x * other.y + y * other.x)
    }

    static func + (a: Vector, b: Vector) -> Vector { Vector(x: a.x + b.x, y: a.y + b.y) }
    static func - (a: Vector, b: Vector) -> Vector { Vector(x: a.x - b.x, y: a.y - b.y) }
    static func * (a: Vector, factor: Double) -> Vector { Vector(x: a.x * factor, y: a.y * factor) }
    static func / (a: Vector, divisor: Double) -> Vector { Vector(x: a.x / divisor, y: a.y / divisor) }
}

/// The integer below a value, and what is left: without a call of the C library, which `rounded(.down)` is where the
/// processor's baseline has no rounding instruction.
@inline(__always)
func floorAndPart(_ value: Double) -> (floor: Int, part: Double) {
    let truncated = Int(value)
    let floor = Double(truncated) > value ? truncated - 1 : truncated
    return (floor, value - Double(floor))
}

/// The smooth step `3t^2 - 2t^3` on `[0, 1]`.
@inline(__always)
func smoothStep(_ t: Double) -> Double { t * t * (3 - 2 * t) }
