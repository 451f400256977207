import Analysis
import Crypto
import Findings
import Foundation
import NeuralNetworks

/// Trains the network of one stage on labelled scans.
///
/// The weights depend on the network, the labels and the settings alone: not on the number of threads, nor on how often the
/// training was killed and taken up.
public struct Learner {
    private let stage: LoadedStage
    private let task: LearningTask
    private let labels: LabelledScans
    private let settings: LearningSettings
    private let engine: any TrainingEngine
    private let draw: TileDraw
    /// Side of the tiles that it learns from.
    public let side: Int

    /// Sides of tiles where the network takes any: as large as the smallest scan, no larger than the stage's own.
    private static let sides = 64...256

    public init(
        _ analyser: ScanAnalyser, stage index: Int, task: LearningTask, labels: LabelledScans,
        settings: LearningSettings, engine: any TrainingEngine
    ) {
        stage = analyser.pipeline.stages[index]
        self.task = task
        self.labels = labels
        self.settings = settings
        self.engine = engine
        let contract = stage.contract
        if contract.isFlexible {
            let smallest = (labels.learned + labels.tried).map { min($0.picture.width, $0.picture.height) }.min() ?? 0
            let wanted = min(smallest, contract.inputSide, Self.sides.upperBound) / 32 * 32
            side = min(max(wanted, Self.sides.lowerBound), contract.inputSide)
        } else {
            side = contract.inputSide
        }
        draw = TileDraw(
            labels.learned, task: task, stage: index, analyser: analyser, side: side, seed: settings.seed)
    }

    /// Trains from where the checkpoint is to the end.
    ///
    /// - Returns: the network with the weights that it learned.
    public func run(
        _ checkpoint: Checkpoint, report: (LearningProgress) -> Void
    ) throws -> (graph: Graph, steps: Int) {
        var network = stage.model.graph
        network.outputs = network.outputs.filter { $0.name == stage.model.card.output.name }
        let input = stage.model.card.input.name
        let channels = stage.model.card.input.colour == .grey ? 1 : 3
        let training = try TrainingGraph(
            network, inputShapes: [input: [settings.batch, channels, side, side]])
        let trainable = try engine.compile(training, threads: settings.threads)
        let identity = identity
        let fresh = LearningState(
            parameters: training.parameters.compactMap { network.initializers[$0] },
            statistics: training.statistics.flatMap { [$0.mean, $0.variance] }.map {
                network.initializers[$0]?.floats ?? []
            }, steps: fixedSteps)
        var state = try checkpoint.read(like: fresh, identity: identity) ?? fresh
        try loop(&state, training, trainable, checkpoint, identity, report)
        return (learned(state, training), state.steps)
    }

    private var fixedSteps: Int {
        guard case .epochs(let epochs) = settings.length else { return 0 }
        return max(1, (epochs * draw.tickets.count + settings.batch - 1) / settings.batch)
    }

    private func loop(
        _ state: inout LearningState, _ training: TrainingGraph, _ trainable: any TrainableNetwork,
        _ checkpoint: Checkpoint, _ identity: String, _ report: (LearningProgress) -> Void
    ) throws {
        let loss = task.loss(counts: labels.counts(task))
        let optimiser = AdamW(decay: LearningSettings.decay)
        let began = ContinuousClock.now
        var (written, shown) = (began, began)
        var losses: [Double] = []
        let firstOfAll = state.step
        while state.steps == 0 || state.step < state.steps {
            let batch = try examples(ofStep: state.step)
            let rate = Schedule(
                highest: settings.rate, warmUp: min(LearningSettings.warmUp, max(1, state.steps / 5)),
                steps: max(state.steps, LearningSettings.warmUp)
            ).rate(at: state.step)
            let masks = dropoutMasks(training, step: state.step)
            let outputs = try trainable.forward([batch.images] + masks, parameters: state.parameters)
            let value = loss.value(of: outputs[0], truths: batch.truths)
            guard value.value.isFinite else {
                throw LearningError(.settings, "the loss is no number any more at step \(state.step): lower --rate")
            }
            var gradients = try trainable.backward(from: [value.gradient])
            _ = GradientLimit(limit: LearningSettings.gradientLimit).apply(to: &gradients)
            optimiser.update(&state, by: gradients, rate: rate)
            state.average(decay: LearningSettings.averageDecay)
            state.follow(
                Array(outputs.dropFirst(training.answerCount)), counts: training.statistics.map(\.count),
                momentum: LearningSettings.momentum)
            losses.append(value.value)
            let now = ContinuousClock.now
            let pace = (now - began) / Double(state.step - firstOfAll)
            if case .time(let time) = settings.length, state.steps == 0, state.step == LearningSettings.measuredSteps {
                state.steps = max(state.step + 1, Int(time / pace))
            }
            if now - shown > .seconds(10) || state.step == state.steps {
                report(
                    LearningProgress(
                        step: state.step, steps: state.steps, loss: losses.reduce(0, +) / Double(losses.count),
                        rate: rate,
                        tilesPerSecond: Double(settings.batch) / (pace / .seconds(1)),
                        timeLeft: state.steps == 0 ? nil : pace * Double(state.steps - state.step)))
                (shown, losses) = (now, [])
            }
            if now - written > LearningSettings.checkpointInterval || state.step == state.steps
                || state.step == LearningSettings.measuredSteps
            {
                try checkpoint.write(state, identity: identity)
                written = now
            }
        }
    }

    /// What a checkpoint must agree with to be taken up.
    private var identity: String {
        var hasher = SHA256()
        for scan in labels.learned {
            hasher.update(data: Data(scan.hash.hexadecimal.utf8))
            switch scan.label {
            case .grade(let index): hasher.update(data: Data("class \(index)".utf8))
            case .foreground(let foreground):
                foreground.runs.withUnsafeBytes { hasher.update(bufferPointer: $0) }
            }
        }
        let digest = ContentHash(digest: hasher.finalize())
        return "\(stage.model.identity.sha256.hexadecimal) \(digest.hexadecimal) side \(side) \(settings.identity)"
    }

    // MARK: Batches

    private func examples(ofStep step: Int) throws -> (images: Tensor, truths: Tensor) {
        let (draw, batch) = (draw, settings.batch)
        let count = draw.tickets.count
        var orders: [Int: [Int]] = [:]
        let numbers = (step * batch..<(step + 1) * batch).map { number -> (number: Int, scan: Int) in
            let epoch = number / count
            let order = orders[epoch] ?? draw.order(ofEpoch: epoch)
            orders[epoch] = order
            return (number, order[number % count])
        }
        var (planes, truths) = ([Float](), [Float]())
        try OrderedTileMap(tileCount: batch, threadCount: settings.threads).run(
            makeWorker: { () throws(LearningError) in () },
            compute: { (_, index) throws(LearningError) in
                try draw.example(numbers[index].number, of: numbers[index].scan)
            },
            consume: { (_, example) throws(LearningError) in
                planes += example.planes
                truths += example.truths
            })
        let channels = planes.count / (batch * side * side)
        let classes = task.classes.count
        return (
            Tensor(shape: [batch, channels, side, side], planes),
            Tensor(shape: task.kind == .segmentation ? [batch, classes, side, side] : [batch, classes], truths)
        )
    }

    /// What is kept of each value is enlarged, so that their mean stays.
    private func dropoutMasks(_ training: TrainingGraph, step: Int) -> [Tensor] {
        zip(training.graph.inputs.dropFirst(), training.dropped).enumerated().map { index, mask in
            let shape = training.inputShapes[mask.0.name] ?? []
            var random = SplitMix64(
                seed: SplitMix64.mix(settings.seed &+ 2) ^ UInt64(step) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(index))
            let kept = 1 / (1 - mask.1)
            return Tensor(shape: shape, (0..<shape.elementCount).map { _ in random.nextFraction() < mask.1 ? 0 : kept })
        }
    }

    /// The network with the mean of its weights, and running statistics.
    private func learned(_ state: LearningState, _ training: TrainingGraph) -> Graph {
        var graph = stage.model.graph
        for (index, name) in training.parameters.enumerated() {
            graph.initializers[name] = Tensor(shape: state.parameters[index].shape, state.averages[index])
        }
        for (index, name) in training.statistics.flatMap({ [$0.mean, $0.variance] }).enumerated() {
            graph.initializers[name] = Tensor(shape: [state.statistics[index].count], state.statistics[index])
        }
        return graph
    }
}

extension Learner {
    /// By what the logits of a learned network are to be divided, by the scans that it did not learn from.
    ///
    /// - Parameter engine: what computes the network as nights do.
    public func temperature(of graph: Graph, by engine: any Engine) throws -> Double {
        var answering = graph
        answering.outputs = graph.outputs.filter { $0.name == stage.model.card.output.name }
        let channels = stage.model.card.input.colour == .grey ? 1 : 3
        let network = try engine.compile(
            answering, inputShapes: [stage.model.card.input.name: [1, channels, side, side]])
        let context = try network.makeContext()
        let trials = TileDraw(
            labels.tried, task: task, stage: draw.stage, analyser: draw.analyser, side: side, seed: settings.seed)
        var (answers, truths) = ([Tensor](), [Tensor]())
        for index in labels.tried.indices {
            let example = try trials.plain(index)
            let answer = try context.run([Tensor(shape: [1, channels, side, side], example.planes)])[0]
            answers.append(answer)
            truths.append(Tensor(shape: answer.shape, example.truths))
        }
        return Temperature.fitted(answers, truths, stage.model.card.output.activation)
    }
}
