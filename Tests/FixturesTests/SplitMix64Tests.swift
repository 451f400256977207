import NeuralNetworks
import Testing

@testable import Fixtures

@Suite struct SplitMix64Tests {
    /// The first outputs of Vigna's reference code for the seed 1234567.
    @Test func agreesWithTheReference() {
        var random = SplitMix64(seed: 1_234_567)
        let outputs = (0..<3).map { _ in random.next() }
        #expect(outputs == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func streamsOfNeighboursDiffer() {
        var first = SplitMix64(seed: 1, purpose: .site, column: 0, row: 1)
        var second = SplitMix64(seed: 1, purpose: .site, column: 1, row: 0)
        #expect(first.next() != second.next())
    }

    @Test func numbersStayInTheirRange() {
        var random = SplitMix64(seed: 9)
        for _ in 0..<1000 {
            #expect((2...4).contains(random.integer(2...4)))
            #expect((-1.0...3.0).contains(random.uniform(-1...3)))
            #expect(abs(random.direction().length - 1) < 1e-12)
        }
    }
}
