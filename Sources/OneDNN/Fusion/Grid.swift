import NeuralNetworks

/// Evenly spaced numbers, for each of which an integer of 8 bits stands, its level: `scale * (level - zeroPoint)`.
struct Grid: Sendable, Hashable {
    let scale: Float
    let zeroPoint: Int
    /// Of levels: `uint8` or `int8`.
    let type: DataType

    /// - Parameter type: `uint8` or `int8`; nil for any other.
    init?(scale: Float, zeroPoint: Int, _ type: ElementType) {
        switch type {
        case .uint8: self.type = .uint8
        case .int8: self.type = .int8
        case .float32, .int32, .int64, .bool: return nil
        }
        guard scale > 0, scale.isFinite else { return nil }
        self.scale = scale
        self.zeroPoint = zeroPoint
    }

    /// How many steps of the scale its numbers are away from 0.
    var steps: ClosedRange<Float> {
        let zero = Float(zeroPoint)
        return type == .uint8 ? -zero...255 - zero : -128 - zero...127 - zero
    }

    /// Of each byte that stands for a level, the byte of the nearest level of another grid, as `QuantizeLinear` rounds.
    func table(to other: Grid) -> [UInt8] {
        let least: Float = other.type == .uint8 ? 0 : -128
        return (UInt8.min...UInt8.max).map { byte in
            let level = type == .uint8 ? Int(byte) : Int(Int8(bitPattern: byte))
            let number = Float(level - zeroPoint) * scale
            let nearest = (number / other.scale).rounded(.toNearestOrEven) + Float(other.zeroPoint)
            return UInt8(truncatingIfNeeded: Int(min(max(nearest, least), least + 255)))
        }
    }
}
