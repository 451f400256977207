import Findings
import Foundation

/// What a network's numbers mean: the decoder of dense classes (each pixel's) and of tile classes.
struct ClassProbabilities: Sendable {
    private let activation: ModelOutput.Activation
    private let classCount: Int
    private let isMultiLabel: Bool
    /// The card's key that says the activation, and what it is where probabilities do not sum to 1.
    private let words: (key: String, remedy: String)
    private let temperature: Double
    private let stage: AnalysisFailure.Stage

    /// How far probabilities may lie outside of 0 to 1, and their sum from 1.
    private static let tolerance: Float = 0.001

    init(_ card: ModelCard, stage: AnalysisFailure.Stage) {
        self.init(card.output, temperature: card.temperature, stage: stage)
    }

    init(_ output: ModelOutput, temperature: Double, stage: AnalysisFailure.Stage) {
        (activation, classCount) = (output.activation, output.scoreChannels)
        isMultiLabel = output.isMultiLabel || output.scoreChannels == 1
        words = ("activation", "the card's output is multi-label")
        self.temperature = temperature
        self.stage = stage
    }

    /// Of the classes of objects, apart from whether there is one.
    init(_ head: DetectionForm.StarConvex.ClassHead, classes: Int) {
        (activation, classCount, isMultiLabel) = (head.activation == .softmax ? .softmax : .none, classes, false)
        words = ("class-activation", "`\(head.scores)` must be that of a softmax")
        (temperature, stage) = (1, .detect)
    }

    /// The calibrated probabilities of each pixel.
    ///
    /// - Parameter planes: what a segmentation network answered, `[K, H, W]`.
    /// - Returns: `[K, H, W]`.
    /// - Throws: `degenerate-output` where a card says that the answer is probabilities, and it is not.
    func pixels(_ planes: [Float]) throws(AnalysisFailure) -> [Float] {
        switch activation {
        case .none: return try checked(planes)
        case .sigmoid:
            let scale = Float(1 / temperature)
            return planes.map { 1 / (1 + expf(-$0 * scale)) }
        case .softmax: return softmax(planes)
        }
    }

    /// The probabilities of a tile's classes.
    ///
    /// - Parameter answer: what a classification network answered, `[K]`.
    func tile(_ answer: [Float]) throws(AnalysisFailure) -> TileGrade {
        switch activation {
        case .none:
            let probabilities = try checked(answer).map(Double.init)
            return TileGrade(calibrated: probabilities, raw: probabilities)
        case .sigmoid:
            return TileGrade(
                calibrated: answer.map { Self.sigmoid(Double($0) / temperature) },
                raw: answer.map { Self.sigmoid(Double($0)) })
        case .softmax:
            return TileGrade(
                calibrated: Self.softmax(answer, temperature: temperature),
                raw: Self.softmax(answer, temperature: 1))
        }
    }

    /// What a calibrated probability of one class against the rest was before calibration.
    func raw(_ calibrated: Double) -> Double {
        guard temperature != 1, calibrated > 0, calibrated < 1 else { return calibrated }
        return Self.sigmoid(temperature * log(calibrated / (1 - calibrated)))
    }

    private static func sigmoid(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

    static func sigmoid(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }

    /// `exp(logit / temperature)` over their sum.
    private static func softmax(_ logits: [Float], temperature: Double) -> [Double] {
        let scaled = logits.map { Double($0) / temperature }
        let largest = scaled.max() ?? 0
        let exponentials = scaled.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }

    /// The same for each pixel.
    private func softmax(_ planes: [Float]) -> [Float] {
        let plane = planes.count / classCount
        let scale = Float(1 / temperature)
        return [Float](unsafeUninitializedCapacity: planes.count) { probabilities, initialized in
            planes.withUnsafeBufferPointer { planes in
                for pixel in 0..<plane {
                    var largest = planes[pixel]
                    for index in stride(from: pixel, to: planes.count, by: plane) {
                        largest = max(largest, planes[index])
                    }
                    var sum: Float = 0
                    for index in stride(from: pixel, to: planes.count, by: plane) {
                        probabilities[index] = expf((planes[index] - largest) * scale)
                        sum += probabilities[index]
                    }
                    for index in stride(from: pixel, to: planes.count, by: plane) { probabilities[index] /= sum }
                }
            }
            initialized = planes.count
        }
    }

    /// What the network gives as probabilities, `[K, ...]`, if that is what they are.
    private func checked(_ planes: [Float]) throws(AnalysisFailure) -> [Float] {
        let plane = planes.count / classCount
        let probabilities = try checkedEach(planes)
        if !isMultiLabel {
            for pixel in 0..<plane {
                let sum = stride(from: pixel, to: planes.count, by: plane).reduce(Float(0)) { $0 + planes[$1] }
                guard abs(sum - 1) <= Self.tolerance * Float(classCount) else {
                    throw AnalysisFailure(
                        stage: stage, code: .degenerateOutput,
                        message: "the network's answers do not sum to 1 over the classes: \(words.remedy)")
                }
            }
        }
        return probabilities
    }

    /// The same of numbers that need not sum to 1.
    func checkedEach(_ values: [Float]) throws(AnalysisFailure) -> [Float] {
        guard values.allSatisfy({ (-Self.tolerance...1 + Self.tolerance).contains($0) }) else {
            throw AnalysisFailure(
                stage: stage, code: .degenerateOutput,
                message: "the card's \(words.key) is none, but the network's answers are not within 0 and 1")
        }
        return values.map { min(1, max(0, $0)) }
    }
}

/// A tile's classes, in the card's order.
struct TileGrade: Sendable {
    let calibrated: [Double]
    /// Before calibration: at temperature 1.
    let raw: [Double]
}
