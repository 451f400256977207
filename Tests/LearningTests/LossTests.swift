import Learning
import NeuralNetworks
import Testing

@Suite struct LossTests {
    static let losses: [(name: String, loss: any Loss & Sendable)] = [
        ("cross entropy", CrossEntropy()),
        ("cross entropy, weighted and smoothed", CrossEntropy(weights: [0.5, 2, 1], smoothing: 0.1)),
        ("binary cross entropy", BinaryCrossEntropy(positiveWeight: 1.7)), ("focal", FocalLoss()),
        ("Dice of sigmoids", DiceLoss(.sigmoid)), ("Dice of a softmax", DiceLoss(.softmax(background: 0))),
        ("absolute", AbsoluteLoss()), ("sum", LossSum([(CrossEntropy(), 0.5), (DiceLoss(.sigmoid), 2)])),
    ]

    @Test(arguments: losses.indices) func theGradientIsTheSlopeOfSmallSteps(index: Int) throws {
        let loss = Self.losses[index].loss
        var random = SplitMix64(seed: 11)
        for _ in 0..<50 {
            let shape: Shape = random.next(below: 2) == 0 ? [4, 3] : [2, 3, 4, 2]
            // An eighth at least from 0 and 1, where a distance has a corner.
            let answers = (0..<shape.elementCount).map { _ in 0.25 * Float(random.next(below: 24)) - 2.875 }
            let pixels = shape.dimensions.dropFirst(2).reduce(1, *)
            var truths = [Float](repeating: 0, count: shape.elementCount)
            for image in 0..<shape[0] {
                for pixel in 0..<pixels { truths[(image * 3 + random.next(below: 3)) * pixels + pixel] = 1 }
            }
            let truth = Tensor(shape: shape, truths)
            let direction = answers.map { _ in 2 * random.nextFraction() - 1 }
            func value(_ step: Float) -> Double {
                loss.value(
                    of: Tensor(shape: shape, zip(answers, direction).map { $0 + step * $1 }), truths: truth
                ).value
            }
            let gradient = try #require(loss.value(of: Tensor(shape: shape, answers), truths: truth).gradient.floats)
            let expected = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let slope = (value(0.01) - value(-0.01)) / 0.02
            #expect(abs(slope - expected) < 2e-4, "\(Self.losses[index].name)")
        }
    }

    @Test(arguments: [nil, 0]) func whatIsNotKnownCountsForNothing(background: Int?) throws {
        let inner: any Loss & Sendable =
            background == nil
            ? LossSum([(BinaryCrossEntropy(), 1), (DiceLoss(.sigmoid), 1)])
            : LossSum([(CrossEntropy(), 1), (DiceLoss(.softmax(background: 0)), 1)])
        let loss = KnownLoss(inner, background: background)
        // Two classes, four pixels, of which the last is not known.
        let truth = Tensor(shape: [1, 2, 2, 2], [1, 0, 0, -1, 0, 1, 1, -1] as [Float])
        func value(_ unknown: Float) -> LossValue {
            loss.value(
                of: Tensor(shape: [1, 2, 2, 2], [1, -1, 0.5, unknown, -1, 2, 0.5, -unknown] as [Float]), truths: truth)
        }
        let gradient = try #require(value(3).gradient.floats)
        #expect(value(3).value == value(-2).value && gradient == value(-2).gradient.floats)
        #expect(gradient[3] == 0 && gradient[7] == 0 && gradient[0] < 0)
        // All known, nothing changes.
        let whole = Tensor(shape: [1, 2, 2, 2], [1, 0, 0, 1, 0, 1, 1, 0] as [Float])
        let answers = Tensor(shape: [1, 2, 2, 2], [1, -1, 0.5, 2, -1, 2, 0.5, 0] as [Float])
        #expect(loss.value(of: answers, truths: whole).value == inner.value(of: answers, truths: whole).value)
    }

    @Test func knownValues() {
        let truth = Tensor(shape: [1, 2], [1, 0] as [Float])
        let even = Tensor(shape: [1, 2], [0, 0] as [Float])
        #expect(abs(CrossEntropy().value(of: even, truths: truth).value - 0.693147) < 1e-5)
        #expect(abs(BinaryCrossEntropy().value(of: even, truths: truth).value - 0.693147) < 1e-5)
        #expect(abs(FocalLoss().value(of: even, truths: truth).value - 0.5 * 0.25 * 0.693147) < 1e-5)
        let sure = Tensor(shape: [1, 2], [50, -50] as [Float])
        #expect(DiceLoss(.sigmoid).value(of: sure, truths: truth).value < 1e-5)
        #expect(
            BinaryCrossEntropy().value(of: Tensor(shape: [1, 2], [500, -500] as [Float]), truths: truth).value == 0)
    }
}
