import NeuralNetworks
import Testing

@testable import Learning

/// What makes objects' probabilities come true.
@Suite struct ObjectCalibrationTests {
    /// Objects as often there as the logistic function of `(logit + shift) / temperature` says.
    private func scores(_ label: String, shift: Float, temperature: Float, seed: UInt64) -> FoundScores.OfClass {
        var random = SplitMix64(seed: seed)
        let logits = (0..<4000).map { _ in 6 * random.nextFraction() - 3 }
        return FoundScores.OfClass(
            label: label, logits: logits,
            truths: logits.map { random.nextFraction() < Logistic.probability(($0 + shift) / temperature) ? 1 : 0 })
    }

    @Test func shiftsAndATemperatureAreFound() {
        let found = [
            scores("platelet", shift: 1.5, temperature: 0.5, seed: 1),
            scores("red", shift: -0.5, temperature: 0.5, seed: 2),
        ]
        let calibration = ObjectCalibration(found, canShift: true, classes: ["red", "platelet", "white"])
        #expect(abs(calibration.shifts[0] + 0.5) < 0.15 && abs(calibration.shifts[1] - 1.5) < 0.15)
        #expect(calibration.shifts[2] == 0)
        #expect(abs(calibration.temperature - 0.5) < 0.1)
    }

    @Test func withoutBiasesOrObjectsNothingIsShifted() {
        let found = [scores("red", shift: 2, temperature: 1, seed: 3)]
        #expect(ObjectCalibration(found, canShift: false, classes: ["red"]).shifts == [0])
        let none = ObjectCalibration([], canShift: true, classes: ["red"])
        #expect(none.shifts == [0] && none.temperature == 1)
    }

    @Test func biasesOfTheOutputMove() throws {
        let graph = try ObjectUNet(.centres, baseChannels: 4, classes: 2).graph()
        let name = try #require(graph.biases(of: "heat"))
        let before = try #require(graph.initializers[name]?.floats)
        #expect(graph.shifting("heat", by: [1, -1]).initializers[name]?.floats == [before[0] + 1, before[1] - 1])
        // An exponential's argument is no logit.
        #expect(graph.biases(of: "sizes") == nil)
    }
}
