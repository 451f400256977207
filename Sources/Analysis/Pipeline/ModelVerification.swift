import NeuralNetworks

/// How a model's answer to its card's test input compares with the expected one.
public struct ModelVerification: Sendable, Hashable, CustomStringConvertible {
    /// The largest difference of an element; of a network of integers the root of the mean square of all, for single
    /// elements are as far off as a rounding takes them.
    public let difference: Float
    /// What the card allows: `relative` x largest expected magnitude + `absolute`. Of a network of integers the larger of that and
    /// ``integerTolerance`` of the root of the expected mean square.
    public let allowedDifference: Float

    /// Tried with the networks of `colorectal-biopsy`: calibrated on eight scans, which moved them by 0.02 and 0.03, they differed
    /// by 0.02 and 0.14 on the drawn test inputs; with all ranges seven tenths or sixteen times as wide by 0.37 to 0.73.
    private static let integerTolerance: Float = 0.3

    /// False also for an answer that is not a number.
    public var isWithinTolerance: Bool { difference <= allowedDifference }

    init(
        answer: Tensor, expected: Tensor, test: ModelCard.Test, isOfIntegers: Bool, file: String
    ) throws(PipelineError) {
        guard answer.shape == expected.shape, let answers = answer.floats, let expectations = expected.floats else {
            throw PipelineError(
                .unverified, file: file, "the model's answer is \(answer.type), its card expects \(expected.type)")
        }
        var largest: Float = 0
        var magnitude: Float = 0
        var (squares, expectedSquares) = (0.0, 0.0)
        for (answer, expectation) in zip(answers, expectations) {
            let difference = abs(answer - expectation)
            largest = difference.isNaN ? .infinity : max(largest, difference)
            magnitude = max(magnitude, abs(expectation))
            squares += Double(difference) * Double(difference)
            expectedSquares += Double(expectation) * Double(expectation)
        }
        let allowed = Float(test.relativeTolerance) * magnitude + Float(test.absoluteTolerance)
        guard isOfIntegers else {
            (difference, allowedDifference) = (largest, allowed)
            return
        }
        let count = Double(max(answers.count, 1))
        let size = Float((expectedSquares / count).squareRoot())
        difference = largest.isFinite ? Float((squares / count).squareRoot()) : largest
        allowedDifference = max(allowed, Self.integerTolerance * size)
    }

    /// Whether it uses up more of what is allowed.
    func isWorse(than other: ModelVerification) -> Bool {
        difference * other.allowedDifference > other.difference * allowedDifference
    }

    public var description: String {
        "difference \(difference), allowed \(allowedDifference)"
    }
}
