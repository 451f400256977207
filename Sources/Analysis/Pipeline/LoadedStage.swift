import Imaging

/// A stage with its network, checked against each other.
public struct LoadedStage: Sendable {
    public let definition: StageDefinition
    public let model: LoadedModel
    public let contract: TileContract
    /// What the model's card asks for, after the pipeline's own step.
    let normalisation: Normalisation

    /// Whether of two objects that overlap one stays whatever their classes are: of a network that says apart from the class
    /// whether there is an object, always.
    var suppressesAcrossClasses: Bool {
        guard case .detection(let settings) = definition.task else { return false }
        return settings.suppressesAcrossClasses ?? (model.card.output.detection?.classHead != nil)
    }

    /// What the stage does with which tiles, in one line.
    public var summary: String {
        let card = model.card
        let size = "\(contract.inputSide) x \(contract.inputSide)"
        var parts = ["\(definition.name): \(card.task.rawValue) by \(card.model), tiles of \(size)"]
        if !contract.isFlexible { parts.append("no other") }
        if contract.margin > 0 { parts.append("\(contract.margin) pixels along each edge without an answer") }
        if contract.reduction > 1 {
            parts.append("an answer for every \(contract.reduction) x \(contract.reduction) pixels")
        }
        if let within = definition.within { parts.append("within \(within)") }
        if case .embedding(let settings) = definition.task, let vector = contract.vector {
            return parts.joined(separator: ", ")
                + ": a vector of \(vector.dimension) elements for each \(settings.unit)"
        }
        let classes = card.output.classes.indices.filter { $0 != card.output.background }.map {
            card.output.classes[$0]
        }
        return parts.joined(separator: ", ") + ": " + classes.joined(separator: ", ")
    }

    /// - Parameters:
    ///   - precision: in which its network is computed.
    ///   - colours: the pipeline's own step.
    ///   - directory: the pipeline's folder.
    /// - Throws: ``PipelineError`` with everything that does not fit.
    init(
        _ definition: StageDefinition, precision: StagePrecision, colours: NormalisationStep?, in directory: String
    ) throws(PipelineError) {
        self.definition = definition
        model = try LoadedModel(
            card: definition.card, task: definition.kind, precision: precision, in: directory)
        contract = try TileContract(model.graph, model.card, side: definition.tile)
        let overlap = TileContract.largestOverlap(of: contract.side)
        if definition.overlap > overlap {
            throw PipelineError(
                .invalid, file: "pipeline.yaml",
                "stages.\(definition.name).overlap must be at most \(overlap) for tiles that answer for \(contract.side) pixels"
            )
        }
        if case .detection(let settings) = definition.task, settings.suppressesAcrossClasses == false,
            model.card.output.detection?.classHead != nil
        {
            throw PipelineError(
                .invalid, file: "pipeline.yaml",
                "stages.\(definition.name).nms is by-class, but with `class-scores` each place has one object: leave it out"
            )
        }
        if case .classification(let settings) = definition.task, case .top = settings.scanGrading,
            !model.card.output.isMultiLabel, model.card.output.background == nil
        {
            throw PipelineError(
                .invalid, file: definition.card,
                "output.background is missing: the scan is graded by the tiles that are least like that class")
        }
        do {
            let own = model.card.input.normalisation
            normalisation = try colours.map { (step) throws(ImagingError) in try own.preceded(by: step) } ?? own
        } catch {
            throw PipelineError(.invalid, file: "pipeline.yaml", "normalisation: \(error)")
        }
    }
}
