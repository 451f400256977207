import NeuralNetworks

/// How a laboratory's stains and camera turn dye into colour, by the law of Beer and Lambert: what passes a channel is
/// `white * 10^-(h H + e E)`. The absorption of the dyes is that of Ruifrok and Johnston ("Quantification of
/// histochemical staining by color deconvolution", Anal Quant Cytol Histol 23, 2001), varied a little per patient.
struct Stain: Sendable {
    private static let steps = 256
    private static let largestDensity: Float = 1.6
    /// RGB for every pair of amounts, haematoxylin major.
    private let table: [UInt8]
    /// The colour of bare glass.
    let glass: (red: UInt8, green: UInt8, blue: UInt8)

    /// The stain of a patient's slides.
    init(random: inout SplitMix64) {
        let strength = random.uniform(0.72...1.25)
        let haematoxylin = [
            0.66 + random.uniform(-0.08...0.06), 0.70 + random.uniform(-0.03...0.06),
            0.22 + random.uniform(-0.1...0.1),
        ].map { $0 * strength }
        let eosinStrength = random.uniform(0.7...1.3)
        let eosin = [
            0.10 + random.uniform(-0.05...0.09), 0.95 + random.uniform(-0.08...0.06),
            0.14 + random.uniform(-0.08...0.2),
        ].map { $0 * eosinStrength }
        let light = random.uniform(232...252)
        let white = [light, light + random.uniform(-6...3), light + random.uniform(-22...3)]
        var table: [UInt8] = []
        table.reserveCapacity(Self.steps * Self.steps * 3)
        for h in 0..<Self.steps {
            for e in 0..<Self.steps {
                for channel in 0..<3 {
                    let density =
                        (haematoxylin[channel] * Double(h) + eosin[channel] * Double(e))
                        * Double(
                            Self.largestDensity) / Double(Self.steps - 1)
                    let passed = white[channel] * Self.powerOfTen(-density)
                    table.append(UInt8(max(0, min(255, (passed + 0.5).rounded(.down)))))
                }
            }
        }
        self.table = table
        glass = (table[0], table[1], table[2])
    }

    /// `10^x` for `x` in `-4...0` by squaring `1 + y / 4096` twelve times: the library's `exp` may differ in its last
    /// bit between machines.
    private static func powerOfTen(_ x: Double) -> Double {
        var value = 1 + x * 2.302_585_092_994_045_7 / 4096
        for _ in 0..<12 { value *= value }
        return value
    }

    /// Where the colour of these amounts starts in `colours`.
    @inline(__always)
    func offset(haematoxylin: Float, eosin: Float) -> Int {
        let scale = Float(Self.steps - 1) / Self.largestDensity
        let h = Int(max(0, min(Self.largestDensity, haematoxylin)) * scale + 0.5)
        let e = Int(max(0, min(Self.largestDensity, eosin)) * scale + 0.5)
        return (h * Self.steps + e) * 3
    }

    /// RGB of these amounts.
    func colour(haematoxylin: Float, eosin: Float) -> SIMD3<Float> {
        let start = offset(haematoxylin: haematoxylin, eosin: eosin)
        return SIMD3(Float(table[start]), Float(table[start + 1]), Float(table[start + 2]))
    }

    /// RGB triples; see `offset(haematoxylin:eosin:)`.
    var colours: [UInt8] { table }
}
