import Crypto
import Findings
import FoundationEssentials
import NeuralNetworks

/// A folder with `pipeline.yaml`, its models and their cards, read and checked.
public struct Pipeline: Sendable {
    public let definition: PipelineDefinition
    public let identity: PipelineIdentity
    /// What computes the networks.
    let engine: any Engine
    /// In the order in which they look at a scan.
    public let stages: [LoadedStage]

    /// - Parameters:
    ///   - engine: what shall compute the networks.
    ///   - precision: of all stages in place of their own, for a calibration.
    /// - Throws: ``PipelineError`` naming the file and everything that is wrong with it.
    public init(directory: String, engine: any Engine, precision: StagePrecision? = nil) throws(PipelineError) {
        let text = try PipelineFile.text("pipeline.yaml", in: directory)
        definition = try PipelineDefinition(yaml: text)
        stages = try Pipeline.stages(of: definition, precision, in: directory)
        self.engine = engine
        let models = stages.map(\.model.identity)
        let fingerprint = Pipeline.fingerprint(
            parts: [
                "scanreport pipeline", "analysis \(AnalysisRevision.current)", text, engine.version,
                engine.instructionSet, definition.precision.rawValue,
            ]
                + stages.flatMap { stage in
                    [stage.model.contract, stage.model.identity.sha256.hexadecimal]
                        + [stage.model.rangesSHA256?.hexadecimal].compactMap(\.self)
                })
        identity = PipelineIdentity(
            name: definition.name, sha256: fingerprint, definition: text, models: models,
            engine: EngineIdentity(
                version: engine.version, precision: definition.precisions.map(\.rawValue).joined(separator: ", "),
                instructionSet: engine.instructionSet))
    }

    /// Checks that each model answers its card's test input with its expected output, and what the card says that is.
    ///
    /// - Throws: ``PipelineError``, of kind `unverified` where one does not.
    public func verify() throws(PipelineError) {
        try Pipeline.forAll(stages) { (stage) throws(PipelineError) in
            let model = stage.model
            let result = try verification(of: model)
            guard result.isWithinTolerance else {
                throw PipelineError(
                    .unverified, file: model.card.model,
                    "the model does not answer its test input as its card says: \(result)")
            }
            try stage.checkTestOutput()
        }
    }

    /// Runs the test input of a model's card.
    public func verification(of model: LoadedModel) throws(PipelineError) -> ModelVerification {
        try model.verification(by: engine)
    }

    private static func stages(
        of definition: PipelineDefinition, _ precision: StagePrecision?, in directory: String
    ) throws(PipelineError) -> [LoadedStage] {
        var stages: [LoadedStage] = []
        try forAll(definition.stages) { (stage) throws(PipelineError) in
            stages.append(
                try LoadedStage(
                    stage, precision: precision ?? stage.precision, colours: definition.colourNormalisation,
                    in: directory))
        }
        return stages
    }

    /// - Throws: what is wrong with all of them at once.
    private static func forAll<Element>(
        _ elements: [Element], _ act: (Element) throws(PipelineError) -> Void
    ) throws(PipelineError) {
        var errors: [PipelineError] = []
        for element in elements {
            do throws(PipelineError) { try act(element) } catch { errors.append(error) }
        }
        guard let first = errors.first else { return }
        throw errors.count == 1 ? first : PipelineError(first.kind, file: nil, problems: errors.map(\.description))
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
