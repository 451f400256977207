import NeuralNetworks
import Testing

@testable import OneDNN

/// Threads that share layers, on cores that others want too.
@Suite struct CoreWatchTests {
    private static let start = ContinuousClock.now

    /// What a watch of two threads on two cores says before runs, with so many threads of the whole machine that could run.
    private static func answers(
        _ runnable: [Int?], threads: Int = 2, cores: Int = 2, after watch: CoreWatch? = nil
    ) -> [Bool] {
        var watch = watch ?? CoreWatch(threads: threads, cores: cores)
        return runnable.map { watch.areFree($0) }
    }

    /// One that was interrupted so often since it ran on all threads.
    private static func interrupted(_ notes: [(count: Int, milliseconds: Int)]) -> CoreWatch {
        var watch = CoreWatch(threads: 2, cores: 2)
        _ = watch.areFree(1)
        for note in notes { watch.note(note.count, at: start + .milliseconds(note.milliseconds)) }
        return watch
    }

    @Test func allThreadsRunWhereNobodyElseWantsACore() {
        // A service of the machine, now and then.
        let watch = Self.interrupted((0..<50).map { ($0 / 3, $0 * 30) })
        #expect(Self.answers([nil], after: watch) == [true])
        // More cores than threads; more threads than cores; and where nobody tells.
        #expect(Self.answers([3], cores: 4) == [true])
        #expect(Self.answers([1], threads: 8) == [true])
        #expect(Self.answers([nil]) == [true])
    }

    @Test func fewerRunFromTheStartWhereACoreIsTaken() {
        #expect(Self.answers([2, 3, 2, 1]) == [false, false, false, false])
    }

    @Test func interruptionsTakeThreadsAwayAndQuietBringsThemBack() {
        let watch = Self.interrupted([(100, 0), (120, 100)])
        let quiet = [Int?](repeating: 1, count: 7)
        let answers = Self.answers([2] + quiet + [2] + quiet + [1], after: watch)
        #expect(answers == [Bool](repeating: false, count: 16) + [true])
    }

    @Test func shortRunsAreLookedAtTogether() {
        let before = (0..<20).map { (count: $0 < 10 ? 0 : 3, milliseconds: $0) }
        #expect(Self.answers([nil], after: Self.interrupted(before)) == [true])
        #expect(Self.answers([2], after: Self.interrupted(before + [(3, 20)])) == [false])
    }

    @Test func theSystemTells() throws {
        #expect(try #require(ProcessorLoad.runnable) >= 1)
        #expect(ProcessorLoad.interruptions >= 0 && ProcessorLoad.cores >= 1)
    }

    /// Fewer threads answer the same bits.
    @Test func bitsDoNotDependOnIt() throws {
        let graph = try NetworkCase.unet(images: 1, width: 16, scale: "transposed").graph()
        let inputs = seededInputs(of: graph, seed: 3)
        let network = try OneDNNNetwork(graph, threads: 2, yieldsCores: true)
        let narrower = try #require(network.narrower).makeContext()
        #expect((narrower.network as? OneDNNNetwork)?.threads == 1)
        let ordered = network.inputs.compactMap { inputs[$0.name] }
        #expect(try narrower.run(ordered) == OneDNNNetwork(graph).makeContext().run(ordered))
        #expect(try network.makeContext().run(ordered) == narrower.run(ordered))
        #expect(try OneDNNNetwork(graph, yieldsCores: true).narrower == nil)
    }
}
