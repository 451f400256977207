import Analysis
import Evaluation
import Findings
import NeuralNetworks

/// Of objects that were found in tiles, how sure the network was and whether they are there.
struct FoundScores {
    /// Of one class; under `""` of all, where the truth does not tell them apart.
    struct OfClass {
        let label: String
        var logits: [Float] = []
        /// 1 where the object is true at an intersection over union of 0.5.
        var truths: [Float] = []
    }

    /// By their names.
    let all: [OfClass]
    /// Of those that are more likely than not.
    let f1: Double

    /// - Parameter only: the only class that objects can be of, if there is one: that of truths without classes.
    init(_ tiles: [EvaluatedObjects], only: String?) {
        var scores: [String: OfClass] = [:]
        var (matched, all) = (0, 0)
        for (key, own) in tiles.flatMap({ $0.classes.sorted { $0.key < $1.key } }) {
            let label = key.isEmpty ? only ?? key : key
            matched += own.matchedCount(0)
            all += own.truthCount + own.counted(0)
            // Beyond an incomplete truth nothing is known.
            for (confidence, isTrue) in zip(own.confidences, own.matched[0]) where isTrue || own.isComplete {
                let probability = min(1 - 1e-6, max(1e-6, Float(confidence)))
                scores[label, default: OfClass(label: label)].logits.append(logarithm(probability / (1 - probability)))
                scores[label]?.truths.append(isTrue ? 1 : 0)
            }
        }
        self.all = scores.values.sorted { $0.label < $1.label }
        f1 = all > 0 ? 2 * Double(matched) / Double(all) : 0
    }
}

extension Learner {
    /// The least probability at which objects are held against the truth: the less likely ones show how sure the others may be.
    private static let leastProbability = 0.1

    /// What the network finds in a tile, against what is there.
    func found(_ tile: TriedTile) throws -> EvaluatedObjects {
        guard let objects = tile.scan.objects, let targets = task.targets else {
            preconditionFailure("a detection learns from objects")
        }
        let place = TilePlace(tile.window, side: side)
        let truth = ObjectTruth(
            items: targets.items(of: tile.scan, objects, at: place), tellsClasses: objects.truth.tellsClasses)
        let found = try self.objects(in: tile.answers, threshold: Self.leastProbability, temperature: 1)
        return EvaluatedObjects(
            found.map {
                EvaluatedObjects.Found(
                    label: task.classes[$0.classIndex], confidence: Double($0.probability), box: $0.box,
                    pixels: $0.pixels)
            }, truth: truth, patient: tile.scan.truth.patient, unboxed: objects.unboxed)
    }

    /// - Parameter threshold: the stage's where that is less.
    func objects(
        in answers: [Tensor], threshold: Double, temperature: Double
    ) throws(LearningError) -> [TileObjects.Object] {
        guard case .detection(let settings) = stage.definition.task,
            let reader = TileObjects(
                stage, side: side, threshold: min(threshold, settings.threshold), temperature: temperature)
        else { preconditionFailure("the stage is a detection") }
        do throws(AnalysisFailure) { return try reader.objects(in: answers.map(\.numbers)) } catch {
            throw LearningError(.settings, "what the network finds while it learns cannot be used: \(error.message)")
        }
    }
}
