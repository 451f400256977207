import Foundation

/// Turns a network's logits into probabilities.
enum Calibration {
    /// `1 / (1 + exp(-logit / temperature))`, each.
    static func sigmoid(_ logits: [Float], temperature: Double) -> [Float] {
        let scale = Float(1 / temperature)
        return logits.map { 1 / (1 + expf(-$0 * scale)) }
    }

    /// `exp(logit / temperature)` over their sum.
    static func softmax(_ logits: [Float], temperature: Double) -> [Double] {
        let scaled = logits.map { Double($0) / temperature }
        let largest = scaled.max() ?? 0
        let exponentials = scaled.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }
}
