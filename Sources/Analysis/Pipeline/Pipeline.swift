import Crypto
import Findings
import FoundationEssentials
import Imaging
import NeuralNetworks

/// A folder with `pipeline.yaml`, its models and their cards, read and checked.
public struct Pipeline: Sendable {
    public let definition: PipelineDefinition
    public let identity: PipelineIdentity
    /// What computes the networks.
    let engine: any Engine
    public let segmentation: LoadedModel
    public let classification: LoadedModel
    /// What the models' cards ask for, each after the pipeline's own step.
    let segmentationNormalisation: Normalisation
    let classificationNormalisation: Normalisation

    /// - Parameter engine: what shall compute the networks.
    /// - Throws: ``PipelineError`` naming the file and everything that is wrong with it.
    public init(directory: String, engine: any Engine) throws(PipelineError) {
        let text = try PipelineFile.text("pipeline.yaml", in: directory)
        definition = try PipelineDefinition(yaml: text)
        segmentation = try LoadedModel(card: definition.segmentation.card, task: .segmentation, in: directory)
        classification = try LoadedModel(card: definition.classification.card, task: .classification, in: directory)
        guard segmentation.card.spacing == classification.card.spacing else {
            throw PipelineError(
                .invalid, file: definition.classification.card,
                "the two models were trained at different spacings: they must see a scan at the same")
        }
        segmentationNormalisation = try Pipeline.normalisation(of: segmentation.card, after: definition)
        classificationNormalisation = try Pipeline.normalisation(of: classification.card, after: definition)
        self.engine = engine
        let models = [segmentation.identity, classification.identity]
        let fingerprint = Pipeline.fingerprint(
            parts: [
                "scanreport pipeline", "analysis \(AnalysisRevision.current)", text, segmentation.contract,
                classification.contract, engine.version, engine.instructionSet, definition.precision.rawValue,
            ] + models.map(\.sha256.hexadecimal))
        identity = PipelineIdentity(
            name: definition.name, sha256: fingerprint, definition: text, models: models,
            engine: EngineIdentity(
                version: engine.version, precision: definition.precision.rawValue,
                instructionSet: engine.instructionSet))
    }

    /// Checks that each model answers its card's test input with its expected output.
    ///
    /// - Throws: ``PipelineError`` of kind `unverified` where one does not.
    public func verify() throws(PipelineError) {
        for model in [segmentation, classification] {
            let result = try verification(of: model)
            guard result.isWithinTolerance else {
                throw PipelineError(
                    .unverified, file: model.card.model,
                    "the model does not answer its test input as its card says: \(result)")
            }
        }
    }

    /// Runs the test input of a model's card.
    public func verification(of model: LoadedModel) throws(PipelineError) -> ModelVerification {
        try model.verification(precision: definition.precision, by: engine)
    }

    private static func normalisation(
        of card: ModelCard, after definition: PipelineDefinition
    ) throws(PipelineError) -> Normalisation {
        guard let step = definition.colourNormalisation else { return card.normalisation }
        do {
            return try card.normalisation.preceded(by: step)
        } catch {
            throw PipelineError(.invalid, file: "pipeline.yaml", "\(error)")
        }
    }

    /// The SHA-256 of the parts, each with its length before it so that no two lists read alike.
    private static func fingerprint(parts: [String]) -> ContentHash {
        var hasher = SHA256()
        for part in parts {
            hasher.update(data: Data("\(part.utf8.count):".utf8))
            hasher.update(data: Data(part.utf8))
        }
        return ContentHash(digest: hasher.finalize())
    }
}
