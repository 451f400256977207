import NeuralNetworks

/// What the generator draws from chance.
///
/// It uses only `+ - * /` and square roots, which IEEE 754 defines to the last bit, so a seed gives the same bytes on
/// every machine.
extension SplitMix64 {
    /// A stream of its own for a named thing at integer coordinates: what lies there is known without drawing anything
    /// around it.
    init(seed: UInt64, purpose: Purpose, column: Int = 0, row: Int = 0) {
        var hash = Self.mix(seed &+ purpose.rawValue &* 0x9E37_79B9_7F4A_7C15)
        hash = Self.mix(hash ^ UInt64(bitPattern: Int64(column)) &* 0xD6E8_FEB8_6659_FD93)
        hash = Self.mix(hash ^ UInt64(bitPattern: Int64(row)) &* 0xA5A3_56F5_3C8B_4F1D)
        self.init(seed: hash)
    }

    /// What a stream is for, so that two uses at the same coordinates do not echo each other.
    enum Purpose: UInt64 {
        case patient = 1
        case scene, fold, site, gland, glandDetail, stroma, texture, grain, tissue
    }

    /// Uniform in `[0, 1)`, with 53 bits.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }

    mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(unit() * Double(range.count))
    }

    /// A uniformly distributed direction, by rejection from the unit disc: no trigonometry.
    mutating func direction() -> Vector {
        while true {
            let candidate = Vector(x: uniform(-1...1), y: uniform(-1...1))
            let square = candidate.dot(candidate)
            if square > 0.01, square <= 1 { return candidate / square.squareRoot() }
        }
    }
}
