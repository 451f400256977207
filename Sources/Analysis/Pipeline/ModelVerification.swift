import NeuralNetworks

/// How a model's answer to its card's test input compares with the expected one.
public struct ModelVerification: Sendable, Hashable, CustomStringConvertible {
    /// The largest difference of an element.
    public let largestDifference: Float
    /// What the card allows: `relative` x largest expected magnitude + `absolute`.
    public let allowedDifference: Float

    /// False also for an answer that is not a number.
    public var isWithinTolerance: Bool { largestDifference <= allowedDifference }

    init(
        answer: Tensor, expected: Tensor, test: ModelCard.Test, file: String
    ) throws(PipelineError) {
        guard answer.shape == expected.shape, let answers = answer.floats, let expectations = expected.floats else {
            throw PipelineError(
                .unverified, file: file, "the model's answer is \(answer.type), its card expects \(expected.type)")
        }
        var largest: Float = 0
        var magnitude: Float = 0
        for (answer, expectation) in zip(answers, expectations) {
            let difference = abs(answer - expectation)
            largest = difference.isNaN ? .infinity : max(largest, difference)
            magnitude = max(magnitude, abs(expectation))
        }
        largestDifference = largest
        allowedDifference = Float(test.relativeTolerance) * magnitude + Float(test.absoluteTolerance)
    }

    /// Whether it uses up more of what is allowed.
    func isWorse(than other: ModelVerification) -> Bool {
        largestDifference * other.allowedDifference > other.largestDifference * allowedDifference
    }

    public var description: String {
        "largest difference \(largestDifference), allowed \(allowedDifference)"
    }
}
