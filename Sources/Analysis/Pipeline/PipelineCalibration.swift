import NeuralNetworks

/// Finds how those models of a pipeline are written in 8-bit integers that it computes so, and keeps it beside them.
public struct PipelineCalibration {
    /// What became of a model.
    public struct Result: Sendable {
        public let model: String
        public let plan: QuantisationPlan
        /// Layers that could be computed in integers.
        public let layers: Int
        /// How far the outputs move: see ``Calibration``.
        public let deviation: Double
    }

    private let directory: String
    private let engine: any Engine
    /// Each once, however many stages it has.
    private let models: [LoadedModel]

    /// - Throws: ``PipelineError``, also where no stage has the precision `int8`.
    public init(directory: String, engine: any Engine) throws(PipelineError) {
        self.directory = directory
        self.engine = engine
        let stages = try Pipeline(directory: directory, engine: engine, precision: .float32).stages
        var models: [LoadedModel] = []
        for stage in stages where stage.definition.precision == .int8 {
            if !models.contains(where: { $0.card.model == stage.model.card.model }) { models.append(stage.model) }
        }
        guard !models.isEmpty else {
            throw PipelineError(.invalid, file: "pipeline.yaml", "no stage has the `precision: int8`: say it first")
        }
        for model in models where Quantiser(model.graph).layers.isEmpty {
            throw PipelineError(
                .unsupported, file: model.card.model,
                "has no layers of float32 weights: a quantised file runs in integers with `precision: float32`")
        }
        self.models = models
    }

    /// - Parameters:
    ///   - scans: paths of files that are like those that will be analysed.
    ///   - largestDeviation: how far the outputs may move.
    public func write(scans: [String], largestDeviation: Double) throws -> [Result] {
        let seen = try SeenInputs.of(models.map(\.graph), in: scans, pipeline: directory, engine: engine)
        var results: [Result] = []
        for (model, inputs) in zip(models, seen) {
            let name = model.card.model
            guard !inputs.isEmpty else {
                throw PipelineError(
                    .invalid, file: name, "none of the scans has tissue that the pipeline shows to this model")
            }
            let quantiser = Quantiser(model.graph)
            let found: (plan: QuantisationPlan, deviation: Double)
            do {
                found = try Calibration(quantiser, inputs: inputs, engine: engine).plan(
                    largestDeviation: largestDeviation)
            } catch {
                throw PipelineError(.unsupported, file: name, "\(error)")
            }
            let ranges = ModelRanges(
                model: model.identity.sha256.hexadecimal, inputs: inputs.count, deviation: found.deviation,
                float32: found.plan.sensitiveLayers.sorted(), ranges: found.plan.ranges)
            try ranges.write(for: name, in: directory)
            results.append(
                Result(model: name, plan: found.plan, layers: quantiser.layers.count, deviation: found.deviation))
        }
        return results
    }
}
