import NeuralNetworks

/// Places for objects that lie apart, and wholly within the scan.
struct Placement {
    let width: Int
    let height: Int
    /// Pixels between any two objects.
    let gap: Double
    private var taken: [(centre: Vector, reach: Double)] = []

    init(width: Int, height: Int, gap: Double) {
        (self.width, self.height, self.gap) = (width, height, gap)
    }

    /// A free place for an object that reaches so far from its centre; `nil` when a few hundred tries found none.
    mutating func place(reach: Double, random: inout SplitMix64) -> Vector? {
        let margin = reach + 3
        guard 2 * margin < Double(min(width, height)) else { return nil }
        for _ in 0..<300 {
            let centre = Vector(
                x: random.uniform(margin...Double(width) - margin), y: random.uniform(margin...Double(height) - margin))
            guard taken.allSatisfy({ ($0.centre - centre).length > $0.reach + reach + gap }) else { continue }
            taken.append((centre, reach))
            return centre
        }
        return nil
    }
}
