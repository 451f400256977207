import Analysis
import NeuralNetworks

extension Learner {
    /// By what the logits of a learned network are to be divided, by tiles of the scans that it did not learn from.
    public func temperature(of graph: Graph) throws -> Double {
        let (answers, truths) = try answers(of: graph)
        return Temperature.fitted(answers, truths, stage.model.card.output.activation)
    }

    /// Now and then tries the averaged weights on the scans that are not learned from; where that chooses the weights, keeps
    /// the best, and ends where they have not been bettered for long.
    func look(_ state: inout LearningState, _ training: TrainingGraph) throws {
        let isTime = state.step % max(1, state.steps / LearningSettings.looks) == 0 || state.step == state.steps
        guard state.steps > 0, state.step > 0, isTime, state.history.tried.last?.step != state.step else { return }
        var current = state
        current.best = []
        let (answers, truths) = try answers(of: learned(current, training))
        let sum = zip(answers, truths).reduce(0) { $0 + loss.value(of: $1.0, truths: $1.1).value }
        state.history.tried.append(LearningHistory.Point(step: state.step, loss: sum / Double(max(1, answers.count))))
        guard let patience = settings.patience else { return }
        if state.history.isBest { state.best = state.answering }
        if state.history.looksSinceBest >= patience { state.steps = state.step }
    }

    /// Logits of tiles of the scans to try on, with their truths.
    private func answers(of graph: Graph) throws -> (answers: [Tensor], truths: [Tensor]) {
        let shape: Shape = [1, channels, side, side]
        let network = try compiled(graph)
        let (trials, tiles) = (trials, trials.trials())
        var (answers, truths) = ([Tensor](), [Tensor]())
        try OrderedTileMap(tileCount: tiles.count, threadCount: settings.threads).run(
            makeWorker: { () throws in try network.makeContext() },
            compute: { (context, index) throws in
                let example = try trials.plain(tiles[index].scan, tiles[index].window)
                let answer = try context.run([Tensor(shape: shape, example.planes)])[0]
                return (answer, Tensor(shape: answer.shape, example.truths))
            },
            consume: { (_, pair) throws in
                answers.append(pair.0)
                truths.append(pair.1)
            })
        return (answers, truths)
    }
}
