import Glibc

/// What two pictures show of the same tissue: their landmarks that match, all by one turn, scale and shift.
public struct SharedTissue: Sendable, Hashable {
    /// How many places agree.
    public let places: Int
    /// The share of landmarks that lie in the other picture too; of the picture of which it is more.
    public let share: Double
    /// How the second picture lies in the first: turned by so much clockwise, 0 to 360, after it was mirrored left to right or not.
    public let degrees: Double
    public let isMirrored: Bool

    /// The cosine from which two landmarks may be the same.
    static let leastCosine: Float = 0.9
    /// Two places as near are one, in pixels.
    private static let grain: Float = 6

    /// - Parameter isMirrored: whether `second` is the picture's mirrored landmarks.
    /// - Returns: nil where hardly anything agrees.
    init?(_ first: Landmarks, _ second: Landmarks, isMirrored: Bool) {
        let matches = Self.matches(first, second)
        guard let hypothesis = Self.best(of: matches) else { return nil }
        // Once more from all that agree: one landmark's own angle and scale are rough.
        guard let placement = Placement(of: hypothesis),
            let refined = Placement(of: matches.filter { placement.fits($0, slack: 0.02) })
        else { return nil }
        let agreeing = matches.filter { refined.fits($0, slack: 0.02) }
        places = min(Self.distinct(agreeing.map(\.first)), Self.distinct(agreeing.map(\.second)))
        share = Double(max(refined.share(of: second, in: first), refined.inverse.share(of: first, in: second)))
        let turn = Double(atan2f(refined.imaginary, refined.real)) * 180 / .pi
        degrees = turn < 0 ? turn + 360 : turn
        self.isMirrored = isMirrored
    }

    private typealias Match = (first: Landmarks.Place, second: Landmarks.Place)

    /// The landmarks that look alike, each with one of the other picture at most, the most alike first.
    private static func matches(_ first: Landmarks, _ second: Landmarks) -> [Match] {
        var alike: [(cosine: Int32, first: Int, second: Int)] = []
        for index in second.places.indices {
            first.forEachAlike(second, index) { alike.append(($1, $0, index)) }
        }
        alike.sort { ($0.cosine, $1.first, $1.second) > ($1.cosine, $0.first, $0.second) }
        var taken: (first: Set<Int>, second: Set<Int>) = ([], [])
        return alike.compactMap { pair in
            guard !taken.first.contains(pair.first), !taken.second.contains(pair.second) else { return nil }
            taken.first.insert(pair.first)
            taken.second.insert(pair.second)
            return (first.places[pair.first], second.places[pair.second])
        }
    }

    /// Of all single matches' ways to lay one picture on the other, that by which the most others agree.
    private static func best(of matches: [Match]) -> [Match]? {
        var best: [Match] = []
        for match in matches {
            let placement = Placement(of: match)
            let agreeing = matches.filter { placement.fits($0, slack: 0.05) && placement.fits(angleAndScaleOf: $0) }
            if agreeing.count > best.count { best = agreeing }
        }
        return best.count >= 4 ? best : nil
    }

    private static func distinct(_ places: [Landmarks.Place]) -> Int {
        Set(places.map { [Int($0.x / grain), Int($0.y / grain)] }).count
    }

    /// Where the second picture's places are in the first: `(x, y)` as a complex number, times one, plus one.
    private struct Placement {
        let real: Float
        let imaginary: Float
        let x: Float
        let y: Float

        var scale: Float { hypotf(real, imaginary) }

        var inverse: Placement {
            let square = scale * scale
            return Placement(
                real: real / square, imaginary: -imaginary / square, x: -(real * x + imaginary * y) / square,
                y: (imaginary * x - real * y) / square)
        }

        private init(real: Float, imaginary: Float, x: Float, y: Float) {
            (self.real, self.imaginary, self.x, self.y) = (real, imaginary, x, y)
        }

        init(of match: Match) {
            let (scale, turn) = (match.first.scale / match.second.scale, match.first.angle - match.second.angle)
            let (real, imaginary) = (scale * cosf(turn), scale * sinf(turn))
            self.init(
                real: real, imaginary: imaginary, x: match.first.x - real * match.second.x + imaginary * match.second.y,
                y: match.first.y - imaginary * match.second.x - real * match.second.y)
        }

        /// By least squares.
        init?(of matches: [Match]) {
            let count = Float(matches.count)
            guard count >= 2 else { return nil }
            func mean(_ value: (Match) -> Float) -> Float { matches.reduce(0) { $0 + value($1) } / count }
            let (x1, y1) = (mean { $0.first.x }, mean { $0.first.y })
            let (x2, y2) = (mean { $0.second.x }, mean { $0.second.y })
            let square = mean { ($0.second.x - x2) * ($0.second.x - x2) + ($0.second.y - y2) * ($0.second.y - y2) }
            guard square > 0 else { return nil }
            let real =
                mean { ($0.second.x - x2) * ($0.first.x - x1) + ($0.second.y - y2) * ($0.first.y - y1) } / square
            let imaginary =
                mean { ($0.second.x - x2) * ($0.first.y - y1) - ($0.second.y - y2) * ($0.first.x - x1) } / square
            guard real != 0 || imaginary != 0 else { return nil }
            self.init(
                real: real, imaginary: imaginary, x: x1 - real * x2 + imaginary * y2, y: y1 - imaginary * x2 - real * y2
            )
        }

        func placed(_ place: Landmarks.Place) -> (x: Float, y: Float) {
            (x + real * place.x - imaginary * place.y, y + imaginary * place.x + real * place.y)
        }

        /// - Parameter slack: that much of the first picture's side more than a few pixels.
        func fits(_ match: Match, slack: Float) -> Bool {
            let place = placed(match.second)
            let distance = hypotf(place.x - match.first.x, place.y - match.first.y)
            return distance < 8 * max(1, scale) + slack * 256
        }

        func fits(angleAndScaleOf match: Match) -> Bool {
            let turn = match.first.angle - match.second.angle - atan2f(imaginary, real)
            let off = turn - (turn / (2 * .pi)).rounded() * 2 * .pi
            return abs(off) < 0.4 && abs(logf(match.first.scale / match.second.scale / scale)) < 0.5
        }

        /// How many of the landmarks lie within the other picture.
        func share(of landmarks: Landmarks, in other: Landmarks) -> Float {
            let within = landmarks.places.count { place in
                let placed = placed(place)
                return (0...other.width).contains(placed.x) && (0...other.height).contains(placed.y)
            }
            return Float(within) / Float(max(1, landmarks.count))
        }
    }
}
