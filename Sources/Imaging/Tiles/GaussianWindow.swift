import Foundation

/// How much each position along one side of a tile counts where tiles overlap: most in the middle, where a network sees the
/// most context. The standard deviation is an eighth of the side, as in nnU-Net (Isensee et al. 2021).
enum GaussianWindow {
    /// `[length]`, symmetric, all positive.
    static func weights(length: Int) -> [Float] {
        let middle = Double(length) / 2
        let deviation = Double(length) / 8
        return (0..<length).map { position in
            let distance = (Double(position) + 0.5 - middle) / deviation
            return Float(exp(-0.5 * distance * distance))
        }
    }
}
