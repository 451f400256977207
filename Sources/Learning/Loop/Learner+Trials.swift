import Analysis
import NeuralNetworks
import Slides

extension Learner {
    /// A tile of a scan to try on.
    struct TriedTile {
        let scan: LabelledScan
        let window: PixelWindow
        let answers: [Tensor]
        let truths: [Tensor]
    }

    /// By what the logits of a learned network are to be divided, by tiles of the scans that it did not learn from.
    public func temperature(of graph: Graph) throws -> Double {
        if task.kind == .detection {
            let scores = FoundScores(try tried(graph) { try found($0) })
            // Without a finding nothing tells how sure one would be.
            guard scores.logits.shape.elementCount > 0 else { return 1 }
            return Temperature.fitted([scores.logits], [scores.truths], .sigmoid)
        }
        let pairs = try tried(graph) { ($0.answers[0], $0.truths[0]) }
        return Temperature.fitted(pairs.map(\.0), pairs.map(\.1), stage.model.card.output.activation)
    }

    /// Now and then tries the averaged weights on the scans that are not learned from; where that chooses the weights, keeps
    /// the best, and ends where they have not been bettered for long.
    func look(_ state: inout LearningState, _ training: TrainingGraph) throws {
        let isTime = state.step % max(1, state.steps / LearningSettings.looks) == 0 || state.step == state.steps
        guard state.steps > 0, state.step > 0, isTime, state.history.tried.last?.step != state.step else { return }
        var current = state
        current.best = []
        let results = try tried(learned(current, training)) { trial in
            (
                loss: loss.value(of: trial.answers, truths: trial.truths).value,
                found: task.kind == .detection ? try found(trial) : nil
            )
        }
        let sum = results.reduce(0) { $0 + $1.loss }
        let f1 = task.kind == .detection ? FoundScores(results.compactMap(\.found)).f1 : nil
        state.history.tried.append(
            LearningHistory.Point(step: state.step, loss: sum / Double(max(1, results.count)), f1: f1))
        guard let patience = settings.patience else { return }
        if state.history.isBest { state.best = state.answering }
        if state.history.looksSinceBest >= patience { state.steps = state.step }
    }

    /// The mean over the tiles of the scans to try on.
    func triedLoss(of graph: Graph) throws -> Double {
        let losses = try tried(graph) { loss.value(of: $0.answers, truths: $0.truths).value }
        return losses.reduce(0, +) / Double(max(1, losses.count))
    }

    /// What comes of each tile of the scans to try on, with its truths.
    private func tried<Result: Sendable>(
        _ graph: Graph, _ judge: @escaping @Sendable (TriedTile) throws -> Result
    ) throws -> [Result] {
        let shape: Shape = [1, channels, side, side]
        let network = try compiled(graph)
        let (trials, tiles) = (trials, trials.trials())
        var results: [Result] = []
        try OrderedTileMap(tileCount: tiles.count, threadCount: settings.threads).run(
            makeWorker: { () throws in try network.makeContext() },
            compute: { (context, index) throws in
                let (scan, window) = tiles[index]
                let example = try trials.plain(scan, window)
                let answers = try context.run([Tensor(shape: shape, example.planes)])
                return try judge(
                    TriedTile(
                        scan: trials.scans[scan], window: window, answers: answers,
                        truths: zip(answers, example.truths).map { Tensor(shape: $0.shape, $1) }))
            },
            consume: { (_, result) throws in results.append(result) })
        return results
    }
}
