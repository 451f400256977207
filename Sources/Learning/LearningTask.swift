import Analysis
import Evaluation
import NeuralNetworks

/// What a stage's network learns, and by which loss.
public struct LearningTask: Sendable {
    public enum Kind: Sendable, Hashable {
        /// Which pixels are of a structure.
        case segmentation
        /// Which class a tile is of.
        case classification
        /// Where objects are, of which classes.
        case detection
    }

    public let kind: Kind
    public let classes: [String]
    /// What a classification calls that which is of no class; nil where each scan is of one.
    let otherwise: String?
    /// For a segmentation the only class that is a structure.
    let structure: Int
    let activation: ModelOutput.Activation
    let background: Int?
    /// Of a detection.
    let targets: (any ObjectTargets)?
    /// Side of the square of pixels that says whether an object is at a cell; nil where it is all.
    let receptiveField: Int?

    /// - Throws: ``LearningError`` of kind `unsupported`.
    public init(_ stage: LoadedStage) throws(LearningError) {
        let card = stage.model.card
        func refuse(_ what: String) -> LearningError {
            LearningError(.unsupported, "the stage \(stage.definition.name) \(what)")
        }
        switch card.task {
        case .segmentation: kind = .segmentation
        case .classification: kind = .classification
        case .detection: kind = .detection
        case .embedding: throw refuse("is an embedding, which has nothing to learn from labels")
        }
        guard stage.definition.precision != .int8 else {
            throw refuse("is computed in int8: give it another precision, train it, then calibrate it")
        }
        let graph = stage.model.graph
        guard graph.inputs.count == 1, graph.outputs.contains(where: { $0.name == card.output.name }),
            card.input.layout == .nchw, card.output.layout == .nchw
        else { throw refuse("has a network of several inputs or of the layout NHWC: it cannot be trained yet") }
        guard card.output.activation != .none else {
            throw refuse(
                "has probabilities as its network's answers: cut the last activation off, and name it in the card")
        }
        guard stage.contract.margin == 0, stage.contract.reduction == 1 || card.task != .segmentation else {
            throw refuse("answers for other pixels than it takes: it cannot be trained yet")
        }
        classes = card.output.classes
        otherwise = card.output.otherwise
        if card.task == .classification, classes.count == 1, otherwise == nil {
            throw refuse(
                "knows one class, and the card does not name the rest (`output.otherwise`): there is nothing to tell apart"
            )
        }
        background = card.output.background
        activation = card.output.activation
        let structures = classes.indices.filter { $0 != card.output.background }
        structure = structures.first ?? 0
        if kind == .segmentation, structures.count != 1 {
            throw refuse("marks \(structures.count) classes, and a mask tells one: it cannot be trained yet")
        }
        guard let form = card.output.detection else {
            (targets, receptiveField) = (nil, nil)
            return
        }
        guard activation == .sigmoid else {
            throw refuse("chooses one class of all by a softmax: objects are learned by a sigmoid for each class")
        }
        let side = stage.contract.inputSide
        let shape: Shape = [1, card.input.colour == .grey ? 1 : 3, side, side]
        receptiveField = graph.receptiveField(of: card.output.name, inputShapes: [card.input.name: shape])
        let types = try? graph.inferred(inputShapes: [card.input.name: shape]).types
        switch form {
        case .starConvex(let form):
            guard form.classHead == nil else {
                throw refuse("has `class-scores`: only classes that are channels of one output can be trained")
            }
            targets = StarTargets(
                classes: classes, rays: types?[form.distances]?.shape[1] ?? 0, reduction: stage.contract.reduction,
                form: form)
        case .centres(let form):
            targets = CentreTargets(
                classes: classes, reduction: stage.contract.reduction, hasOffsets: form.offsets != nil)
        case .boxes, .grid:
            throw refuse(
                "finds boxes by lists or grids: only star-convex outlines and heat maps of centres can be trained")
        }
    }

    /// Of a detection: the classes that objects may be of.
    var objectClasses: [String] { classes.indices.filter { $0 != background }.map { classes[$0] } }

    /// The only one of them, if there is but one.
    var onlyClass: String? { objectClasses.count == 1 ? objectClasses[0] : nil }

    /// Whether the manifest tells of a scan what is learned.
    /// What a scan may be labelled as.
    var labels: [String] { classes + [otherwise].compactMap(\.self) }

    func isLabelled(_ truth: GroundTruth) -> Bool {
        switch kind {
        case .segmentation: truth.tellsForeground
        case .classification: truth.label != nil
        case .detection: truth.objects != nil
        }
    }

    /// Of the truths of one tile, for each of the network's outputs.
    func truthShapes(ofSide side: Int) -> [[Int]] {
        switch kind {
        case .segmentation: [[classes.count, side, side]]
        case .classification: [[classes.count]]
        case .detection: targets?.shapes(ofSide: side) ?? []
        }
    }

    /// - Parameter counts: how many scans of each class there are to learn from.
    func loss(counts: [Int]) -> any NetworkLoss {
        if let targets { return targets.loss }
        return switch (kind, activation) {
        case (.segmentation, .softmax):
            KnownLoss(
                LossSum([(CrossEntropy(), 1), (DiceLoss(.softmax(background: background)), 1)]), background: background)
        case (.segmentation, _):
            KnownLoss(LossSum([(BinaryCrossEntropy(), 1), (DiceLoss(.sigmoid), 1)]), background: nil)
        case (.classification, .softmax):
            CrossEntropy(weights: Self.weights(counts), smoothing: 0.05)
        case (.classification, _), (.detection, _): BinaryCrossEntropy()
        }
    }

    /// Rarer classes count for more, by the root of how much rarer.
    private static func weights(_ counts: [Int]) -> [Float] {
        let mean = Float(counts.reduce(0, +)) / Float(max(counts.count, 1))
        return counts.map { (mean / Float(max($0, 1))).squareRoot() }
    }
}
