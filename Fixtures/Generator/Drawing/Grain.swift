import NeuralNetworks

/// The camera's noise as a small change of density, repeated every 256 pixels.
struct Grain: Sendable {
    private static let side = 256
    private static let strength: Float = 0.022
    private let values: [Float]

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed, purpose: .grain)
        // The mean of two uniform numbers: a triangle, near enough to a bell.
        values = (0..<Self.side * Self.side).map { _ in
            Float(random.uniform(-1...1) + random.uniform(-1...1)) / 2 * Self.strength
        }
    }

    @inline(__always)
    func value(x: Int, y: Int) -> Float {
        values[(y & (Self.side - 1)) * Self.side + (x & (Self.side - 1))]
    }
}
