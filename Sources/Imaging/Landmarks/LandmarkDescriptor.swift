import Glibc

/// Reads which way the brightness rises around a place (Lowe, IJCV 60, 2004, sections 5 and 6).
struct LandmarkDescriptor {
    private let plane: BrightnessPlane
    private let x: Int
    private let y: Int
    private let sigma: Float

    /// Squares of the field along a side, samples of a square along a side, and directions.
    private static let squares = 4
    private static let samples = 4
    private static let directions = 8
    static let dimension = squares * squares * directions
    /// Of a descriptor, as signed bytes hold it: none of its elements is beyond a half.
    static let length: Float = 254
    /// Of the histogram of which an angle is the peak.
    private static let angleBins = 36

    init(_ plane: BrightnessPlane, x: Int, y: Int, sigma: Float) {
        (self.plane, self.x, self.y, self.sigma) = (plane, x, y, sigma)
    }

    /// Half the change from the left to the right and from above to below; the plane's innermost where that is outside.
    private func gradient(_ column: Int, _ row: Int) -> (x: Float, y: Float) {
        let column = min(plane.width - 2, max(1, column))
        let place = min(plane.height - 2, max(1, row)) * plane.width + column
        let values = plane.values
        return (values[place + 1] - values[place - 1], values[place + plane.width] - values[place - plane.width])
    }

    /// The one or two ways in which the brightness around the place rises most.
    func angles() -> [Float] {
        let radius = Int((4.5 * sigma).rounded())
        let spread = 2 * (1.5 * sigma) * (1.5 * sigma)
        let count = Self.angleBins
        var histogram = [Float](repeating: 0, count: count)
        for row in max(1, y - radius)...min(plane.height - 2, y + radius) {
            for column in max(1, x - radius)...min(plane.width - 2, x + radius) {
                let slope = gradient(column, row)
                let distance = Float((column - x) * (column - x) + (row - y) * (row - y))
                let turn = atan2f(slope.y, slope.x) / (2 * .pi)
                let bin = Int(((turn + 1) * Float(count)).rounded(.down)) % count
                histogram[bin] += hypotf(slope.x, slope.y) * expf(-distance / spread)
            }
        }
        for _ in 0..<2 {
            histogram = (0..<count).map { bin in
                histogram[(bin + count - 1) % count] + histogram[bin] + histogram[(bin + 1) % count]
            }
        }
        guard let most = histogram.max(), most > 0 else { return [] }
        var angles: [Float] = []
        for bin in 0..<count where angles.count < 2 {
            let (before, own, after) = (
                histogram[(bin + count - 1) % count], histogram[bin], histogram[(bin + 1) % count]
            )
            guard own >= 0.8 * most, own > before, own > after else { continue }
            let peak = Float(bin) + 0.5 + 0.5 * (before - after) / (before - 2 * own + after)
            angles.append(peak * 2 * .pi / Float(count))
        }
        return angles
    }

    /// - Returns: `[4, 4, 8]`: down and across in squares, and directions, as seen by who looks along `angle`. Nil where the
    ///   brightness is even.
    func descriptor(angle: Float) -> [Int8]? {
        let (cosine, sine) = (cosf(angle), sinf(angle))
        let side = Self.squares * Self.samples
        let step = 3 * sigma / Float(Self.samples)
        let spread = 2 * (Float(side) / 2 * step) * (Float(side) / 2 * step)
        var sums = [Float](repeating: 0, count: Self.dimension)
        for row in 0..<side {
            for column in 0..<side {
                let across = (Float(column) - Float(side - 1) / 2) * step
                let down = (Float(row) - Float(side - 1) / 2) * step
                let slope = gradient(
                    x + Int((cosine * across - sine * down).rounded()),
                    y + Int((sine * across + cosine * down).rounded()))
                let strength = hypotf(slope.x, slope.y) * expf(-(across * across + down * down) / spread)
                let turn = (atan2f(slope.y, slope.x) - angle) / (2 * .pi)
                let direction = (turn - turn.rounded(.down)) * Float(Self.directions)
                let first = Int(direction)
                let square = (row / Self.samples * Self.squares + column / Self.samples) * Self.directions
                sums[square + first % Self.directions] += strength * (1 - (direction - Float(first)))
                sums[square + (first + 1) % Self.directions] += strength * (direction - Float(first))
            }
        }
        // Cut and scaled anew, for a lamp's glare changes strengths more than directions.
        guard let directions = Self.scaled(sums), let clipped = Self.scaled(directions.map { min($0, 0.2) }) else {
            return nil
        }
        return clipped.map { Int8(clamping: Int(($0 * Self.length).rounded())) }
    }

    private static func scaled(_ values: [Float]) -> [Float]? {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? values.map { $0 / length } : nil
    }

    /// Of the same place in a mirror.
    static func mirrored(_ descriptor: ArraySlice<Int8>) -> [Int8] {
        (0..<dimension).map { index in
            let (square, direction) = (index / directions, index % directions)
            let source = (squares - 1 - square / squares) * squares + square % squares
            return descriptor[descriptor.startIndex + source * directions + (directions - direction) % directions]
        }
    }
}
