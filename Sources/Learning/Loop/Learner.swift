import Analysis
import Crypto
import Findings
import Foundation
import NeuralNetworks

/// Trains the network of one stage on labelled scans.
///
/// The weights depend on the network, the labels and the settings alone: not on the number of threads, nor on how often the
/// training was killed and taken up.
public struct Learner: Sendable {
    let stage: LoadedStage
    let task: LearningTask
    let labels: LabelledScans
    let settings: LearningSettings
    let draw: TileDraw
    let trials: TileDraw
    let loss: any NetworkLoss
    private let trainer: any TrainingEngine
    /// What computes the network as nights do.
    let engine: any Engine
    /// Side of the tiles that it learns from.
    public let side: Int
    /// Whether the weights at the start mean nothing.
    let isFresh: Bool

    /// Sides of tiles where the network takes any: as large as the smallest scan, no larger than the stage's own.
    private static let sides = 64...256
    /// Of nine objects in ten, this many must fit along a tile, so that most are seen whole.
    private static let roomForObjects = 3

    /// Nine of ten objects are no longer, in pixels that the network sees.
    private static func objectSide(_ scans: [LabelledScan]) -> Int {
        let sides = scans.flatMap(\.objectSides).sorted()
        return sides.isEmpty ? 0 : sides[sides.count * 9 / 10]
    }

    public init(
        _ analyser: ScanAnalyser, stage index: Int, task: LearningTask, labels: LabelledScans,
        settings: LearningSettings, trainer: any TrainingEngine, engine: any Engine, isFresh: Bool = false
    ) {
        self.isFresh = isFresh
        stage = analyser.pipeline.stages[index]
        self.task = task
        self.labels = labels
        self.settings = settings
        loss = task.loss(counts: labels.counts(task))
        self.trainer = trainer
        self.engine = engine
        let contract = stage.contract
        if contract.isFlexible {
            let scans = labels.learned + labels.tried
            let smallest = scans.map { min($0.picture.width, $0.picture.height) }.min() ?? 0
            let largest = max(Self.sides.upperBound, Self.roomForObjects * Self.objectSide(scans))
            let wanted = min(smallest, contract.inputSide, largest) / 32 * 32
            side = min(max(wanted, Self.sides.lowerBound), contract.inputSide)
        } else {
            side = contract.inputSide
        }
        draw = TileDraw(
            labels.learned, task: task, stage: index, analyser: analyser, side: side, seed: settings.seed,
            strength: settings.augmentation)
        trials = TileDraw(
            labels.tried, task: task, stage: index, analyser: analyser, side: side, seed: settings.seed)
    }

    /// What came out.
    public struct Outcome {
        public let graph: Graph
        /// Of the way from the weights at the start to the learned ones; see ``Learner/keepingStart(_:)``.
        public let share: Float
        public let steps: Int
        public let history: LearningHistory
    }

    /// Trains from where the checkpoint is to the end.
    ///
    /// - Returns: the network with the weights that it learned.
    public func run(_ checkpoint: Checkpoint, report: (LearningProgress) -> Void) throws -> Outcome {
        let network = stage.answering(stage.model.graph)
        let training = try stage.training(batch: settings.batch, side: side)
        let trainable = try trainer.compile(training, precision: settings.precision, threads: settings.threads)
        let identity = identity
        let fresh = LearningState(training, of: network, steps: fixedSteps)
        var state = try checkpoint.read(like: fresh, identity: identity) ?? fresh
        var writer = CheckpointWriter(checkpoint, identity: identity, step: state.step)
        var pace = LearningPace(state, settings)
        do {
            // One that failed before it was taken up again.
            try look(&state, training)
            while state.steps == 0 || state.step < state.steps {
                try step(&state, training, trainable)
                if case .time(let time) = settings.length, state.steps == 0,
                    state.step == LearningSettings.measuredSteps
                {
                    state.steps = max(state.step + 1, Int(time / pace.ofStep(state.step)))
                }
                try look(&state, training)
                try writer.write(state)
                if let progress = pace.progress(state) { report(progress) }
            }
        } catch {
            // What was learned so far is not lost, whatever went wrong.
            try? writer.writeNow(state)
            throw error
        }
        let (graph, share) = try keepingStart(learned(state, training))
        return Outcome(graph: graph, share: share, steps: state.step, history: state.history)
    }

    /// The network of a tile, as nights compute it.
    func compiled(_ graph: Graph) throws -> any CompiledNetwork {
        try engine.compile(
            stage.answering(graph), inputShapes: [stage.model.card.input.name: [1, channels, side, side]])
    }

    var channels: Int { stage.channels }

    private var fixedSteps: Int {
        guard case .epochs(let epochs) = settings.length else { return 0 }
        let tiles = settings.batch * settings.accumulate
        return max(1, (epochs * draw.tickets.count + tiles - 1) / tiles)
    }

    private func step(
        _ state: inout LearningState, _ training: TrainingGraph, _ trainable: any TrainableNetwork
    ) throws {
        let rate = schedule(state).rate(at: state.step)
        var sums: [[Float]] = []
        var value = 0.0
        var followed: [[Tensor]] = []
        for part in 0..<settings.accumulate {
            let number = state.step * settings.accumulate + part
            let batch = try examples(ofBatch: number)
            let masks = dropoutMasks(training, batch: number)
            let outputs = try trainable.forward([batch.images] + masks, parameters: state.parameters)
            let answer = loss.value(of: Array(outputs.prefix(training.answerCount)), truths: batch.truths)
            guard answer.value.isFinite else {
                throw LearningError(.settings, "the loss is no number any more at step \(state.step): lower --rate")
            }
            value += answer.value / Double(settings.accumulate)
            followed.append(Array(outputs.dropFirst(training.answerCount)))
            let gradients = try trainable.backward(from: answer.gradients).map(\.numbers)
            sums = sums.isEmpty ? gradients : zip(sums, gradients).map { zip($0, $1).map(+) }
        }
        let gradients = zip(state.learned, sums).map { Tensor(shape: $0.value.shape, $1) }
        let share = GradientLimit(limit: LearningSettings.gradientLimit).share(
            of: gradients, averaging: settings.accumulate, threads: settings.threads)
        AdamW(decay: LearningSettings.decay).update(
            &state, by: gradients, share: share, rate: rate, threads: settings.threads)
        for statistics in followed {
            state.follow(
                statistics, counts: training.statistics.map(\.count), momentum: LearningSettings.momentum)
        }
        state.history.add(
            value, step: state.step,
            makesPoint: state.steps > 0
                && (state.step % max(1, state.steps / LearningSettings.points) == 0 || state.step == state.steps))
    }

    private func schedule(_ state: LearningState) -> Schedule {
        Schedule(
            highest: settings.rate, warmUp: min(LearningSettings.warmUp, max(1, state.steps / 5)),
            steps: max(state.steps, LearningSettings.warmUp))
    }

    /// What a checkpoint must agree with to be taken up.
    private var identity: String {
        var hasher = SHA256()
        for scan in labels.learned + labels.tried {
            hasher.update(
                data: Data("\(scan.truth.split ?? "") \(scan.hash.hexadecimal) \(scan.truth.label ?? "")".utf8))
            for runs in [scan.foreground?.pixels.runs, scan.foreground?.known?.runs] {
                runs?.withUnsafeBytes { hasher.update(bufferPointer: $0) }
            }
            scan.objects?.update(&hasher)
        }
        let digest = ContentHash(digest: hasher.finalize())
        return "\(stage.model.identity.sha256.hexadecimal) \(digest.hexadecimal) side \(side) \(settings.identity)"
    }

    /// The network with the mean of its weights, and running statistics.
    func learned(_ state: LearningState, _ training: TrainingGraph) -> Graph {
        var graph = stage.model.graph
        let numbers = state.best.isEmpty ? state.answering : state.best
        let names = training.parameters + training.statisticNames
        let shapes = state.learned.map(\.value.shape) + state.statistics.map { Shape([$0.count]) }
        for (name, (shape, numbers)) in zip(names, zip(shapes, numbers)) {
            graph.initializers[name] = Tensor(shape: shape, numbers)
        }
        return graph
    }
}
