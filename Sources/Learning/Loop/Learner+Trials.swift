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

    /// A learned network and by what its logits are to be divided, so that probabilities come true in tiles of the scans that it did
    /// not learn from; of a detection the biases of its classes are moved too.
    public func calibrated(_ graph: Graph) throws -> (graph: Graph, temperature: Double) {
        let output = stage.model.card.output
        guard task.kind == .detection else {
            let pairs = try tried(graph) { ($0.answers[0], $0.truths[0]) }
            return (
                graph,
                Temperature.fitted(pairs.map(\.0), pairs.map(\.1), output.activation, background: output.background)
            )
        }
        let calibration = ObjectCalibration(
            FoundScores(try tried(graph) { try found($0) }, only: task.onlyClass).all,
            canShift: graph.biases(of: output.name) != nil,
            classes: task.classes)
        return (graph.shifting(output.name, by: calibration.shifts), calibration.temperature)
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
        let f1 = task.kind == .detection ? FoundScores(results.compactMap(\.found), only: task.onlyClass).f1 : nil
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
