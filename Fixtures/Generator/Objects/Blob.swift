import NeuralNetworks

/// A closed, wavy outline around a centre, in pixels of a scan.
struct Blob: Sendable {
    let centre: Vector
    private let ring: Ring

    /// An ellipse in a direction of chance, its radii longer and shorter by shares of up to `waviness` in each of four waves.
    init(centre: Vector, halfLength: Double, halfWidth: Double, waviness: Double, random: inout SplitMix64) {
        let axis = random.direction()
        let waves = (2...5).map { _ in random.direction() * (random.unit() * waviness) }
        self.centre = centre
        ring = Ring(
            radii: Ring.directions.map { direction in
                let (along, across) = (direction.dot(axis) / halfLength, direction.dot(axis.normal) / halfWidth)
                var (angle, factor) = (direction, 1.0)
                for wave in waves {
                    angle = angle.turned(by: direction)
                    factor += wave.dot(angle)
                }
                return factor / (along * along + across * across).squareRoot()
            })
    }

    /// No part of it is farther from the centre.
    var reach: Double { ring.largest }

    /// How far the outline is beyond a place, along the ray from the centre: negative outside.
    func margin(x: Double, y: Double) -> (pixels: Double, depth: Double) {
        let offset = Vector(x: x, y: y) - centre
        let radius = ring.radius(at: Ring.position(x: offset.x, y: offset.y))
        return (radius - offset.length, 1 - offset.length / radius)
    }
}
