import NeuralNetworks

/// A smooth random field that repeats after 256 units of either coordinate: value noise, mean 0, within `-1...1`.
struct NoiseTexture: Sendable {
    private static let side = 256
    private let values: [Float]

    init(seed: UInt64, layer: Int) {
        var random = SplitMix64(seed: seed, purpose: .texture, column: layer)
        values = (0..<Self.side * Self.side).map { _ in Float(random.uniform(-1...1)) }
    }

    @inline(__always)
    func value(x: Double, y: Double) -> Float {
        let (column, alongX) = floorAndPart(x)
        let (row, alongY) = floorAndPart(y)
        let partX = Float(smoothStep(alongX))
        let partY = Float(smoothStep(alongY))
        let left = column & (Self.side - 1)
        let right = (column + 1) & (Self.side - 1)
        let top = (row & (Self.side - 1)) * Self.side
        let bottom = ((row + 1) & (Self.side - 1)) * Self.side
        let above = values[top + left] + (values[top + right] - values[top + left]) * partX
        let below = values[bottom + left] + (values[bottom + right] - values[bottom + left]) * partX
        return above + (below - above) * partY
    }
}
