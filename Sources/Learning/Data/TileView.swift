import NeuralNetworks
import Slides

/// From where a tile is looked at: mirrored, turned, nearer or farther, and squeezed a little.
struct TileView: Sendable {
    /// Pixels of the scan along one of the tile's, from the middles of both: x and y for a step along x, then along y.
    private let alongX, alongY: (x: Float, y: Float)
    private let side: Int
    /// Side of the square of the scan that holds all which the tile shows, with the same middle.
    let reach: Int

    /// Of the logarithms.
    private static let deviation: (zoom: Float, aspect: Float) = (0.3, 0.05)
    private static let zooms: ClosedRange<Float> = 0.5...1.7

    /// - Parameters:
    ///   - side: the tile's.
    ///   - strength: of all but mirrors and right angles, which lose nothing.
    ///   - isUpright: whether it is turned by right angles alone.
    init(_ random: inout SplitMix64, side: Int, strength: Float, isUpright: Bool = false) {
        let quarters: [(Float, Float)] = [(1, 0), (0, 1), (-1, 0), (0, -1)]
        let quarter = quarters[random.next(below: 4)]
        let flip: Float = random.next(below: 2) == 1 ? -1 : 1
        let isTurned = random.nextFraction() < 0.5 && !isUpright
        let angle = (2 * random.nextFraction() - 1) * .pi / 4 * min(1, strength) * (isTurned ? 1 : 0)
        let zoom = exponential(Self.deviation.zoom * strength * random.nextDeviate())
        let step = 1 / min(Self.zooms.upperBound, max(Self.zooms.lowerBound, zoom))
        let aspect = exponential(Self.deviation.aspect * strength * random.nextDeviate())
        let (c, s) = (Float(cosine(Double(angle))), Float(sine(Double(angle))))
        let turn = (quarter.0 * c - quarter.1 * s, quarter.1 * c + quarter.0 * s)
        alongX = (flip * turn.0 * step / aspect, flip * turn.1 * step / aspect)
        alongY = (-turn.1 * step * aspect, turn.0 * step * aspect)
        self.side = side
        let half = Float(side - 1) / 2
        let farthest = half * max(abs(alongX.x) + abs(alongY.x), abs(alongX.y) + abs(alongY.y))
        reach = side + 2 * Int(max(0, farthest - half).rounded(.up))
    }

    /// Where in that square a pixel of the tile looks.
    func place(x: Int, y: Int) -> (x: Float, y: Float) {
        let middle = Float(reach - 1) / 2
        let (x, y) = (Float(x) - Float(side - 1) / 2, Float(y) - Float(side - 1) / 2)
        return (middle + x * alongX.x + y * alongY.x, middle + x * alongX.y + y * alongY.y)
    }

    /// Which pixel of the tile looks at a place in that square; between pixels too.
    func pixel(x: Float, y: Float) -> (x: Float, y: Float) {
        let (middle, half) = (Float(reach - 1) / 2, Float(side - 1) / 2)
        let (x, y) = (x - middle, y - middle)
        let determinant = alongX.x * alongY.y - alongX.y * alongY.x
        return (
            half + (x * alongY.y - y * alongY.x) / determinant, half + (y * alongX.x - x * alongX.y) / determinant
        )
    }

    /// The tile, between the pixels of the square.
    func sampled(_ square: RGBImage) -> RGBImage {
        let last = reach - 1
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * side * side) { buffer, count in
            square.pixels.withUnsafeBufferPointer { source in
                for row in 0..<side {
                    for column in 0..<side {
                        let place = place(x: column, y: row)
                        let (x, y) = (min(Float(last), max(0, place.x)), min(Float(last), max(0, place.y)))
                        let (left, top) = (Int(x), Int(y))
                        let (right, below) = (min(left + 1, last), min(top + 1, last))
                        let (u, v) = (x - Float(left), y - Float(top))
                        for channel in 0..<3 {
                            func level(_ x: Int, _ y: Int) -> Float {
                                Float(source[3 * (y * square.width + x) + channel])
                            }
                            let upper = level(left, top) + u * (level(right, top) - level(left, top))
                            let lower = level(left, below) + u * (level(right, below) - level(left, below))
                            buffer[3 * (row * side + column) + channel] = UInt8(upper + v * (lower - upper) + 0.5)
                        }
                    }
                }
            }
            count = 3 * side * side
        }
        return RGBImage(width: side, height: side, pixels: pixels)
    }
}

extension SplitMix64 {
    /// Of a normal distribution with the deviation 1, nearly: the sum of four even ones (Irwin and Hall 1927).
    mutating func nextDeviate() -> Float {
        let bits = next()
        let sum = (0..<4).reduce(Float(0)) { $0 + Float(UInt16(truncatingIfNeeded: bits >> (16 * UInt64($1)))) }
        return (sum * 0x1p-16 - 2) * Float(3).squareRoot()
    }
}
