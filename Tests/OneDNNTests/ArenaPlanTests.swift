import NeuralNetworks
import Testing

@testable import OneDNN

@Suite struct ArenaPlanTests {
    @Test func sharesBytesBetweenBuffersOfDifferentTimes() {
        let plan = ArenaPlan([
            .init(byteCount: 100, lifetime: 0...1), .init(byteCount: 100, lifetime: 1...2),
            .init(byteCount: 100, lifetime: 2...3),
        ])
        #expect(plan.byteCount == 256)
        #expect(plan.offsets[0] == plan.offsets[2])
    }

    /// In time that grows with their number: with its square, this would take some minutes.
    @Test(.timeLimit(.minutes(1))) func plansManyBuffers() {
        let buffers = (0..<50_000).map { ArenaPlan.Buffer(byteCount: 64 * ($0 % 97 + 1), lifetime: $0...$0 + 2) }
        #expect(ArenaPlan(buffers).byteCount <= 9 * 64 * 97)
        let together = (0..<5_000).map { _ in ArenaPlan.Buffer(byteCount: 64, lifetime: 0...1) }
        #expect(ArenaPlan(together).byteCount == 64 * 5_000)
    }

    @Test func keepsBuffersOfOneTimeApart() {
        var random = SplitMix64(seed: 5)
        func number(below limit: Int) -> Int { random.next(below: limit) }
        let buffers = (0..<60).map { _ in
            let start = number(below: 30)
            return ArenaPlan.Buffer(byteCount: number(below: 5000) + 1, lifetime: start...start + number(below: 8))
        }
        let plan = ArenaPlan(buffers)
        for first in buffers.indices {
            #expect(plan.offsets[first] % AlignedBuffer.alignment == 0)
            #expect(plan.offsets[first] + buffers[first].byteCount <= plan.byteCount)
            for second in buffers.indices.dropFirst(first + 1) {
                guard let left = buffers[first].lifetime, let right = buffers[second].lifetime, left.overlaps(right)
                else { continue }
                let apart =
                    plan.offsets[first] + buffers[first].byteCount <= plan.offsets[second]
                    || plan.offsets[second] + buffers[second].byteCount <= plan.offsets[first]
                #expect(apart)
            }
        }
    }

    @Test func buffersWithoutLifetimeTakeNothing() {
        #expect(ArenaPlan([.init(byteCount: 100, lifetime: nil)]).byteCount == 0)
    }
}
