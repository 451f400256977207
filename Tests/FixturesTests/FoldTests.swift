import NeuralNetworks
import Testing

@testable import Fixtures

@Suite struct FoldTests {
    @Test(arguments: GlandClass.allCases)
    func slideInvertsLattice(glandClass: GlandClass) {
        let fold = Fold(seed: 3, pattern: Morphology.of(glandClass).lattice)
        var random = SplitMix64(seed: 4)
        for _ in 0..<200 {
            let point = Vector(x: random.uniform(0...120_000), y: random.uniform(0...120_000))
            #expect((fold.slide(fold.lattice(point)) - point).length < 1e-6)
        }
    }
}
