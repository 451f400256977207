import Findings
import FoundationEssentials
import NeuralNetworks
import ONNX

/// A network as its file and card give it, checked against each other.
public struct LoadedModel: Sendable {
    public let card: ModelCard
    /// With the outputs that the file declares, of which the card names one.
    public let graph: Graph
    public let identity: ModelIdentity
    /// The card's machine-readable part as it was: what the model is told, and how its answer is read.
    let contract: String
    private let directory: String

    /// - Parameters:
    ///   - card: the card's file name.
    ///   - task: what the pipeline uses the model for.
    ///   - directory: the folder that holds card, model and test tensors.
    public init(card cardName: String, task: ModelCard.Task, in directory: String) throws(PipelineError) {
        let text = try PipelineFile.text(cardName, in: directory)
        card = try ModelCard(markdown: text, file: cardName)
        guard card.task == task else {
            throw PipelineError(.invalid, file: cardName, "the model's task is not \(task.rawValue)")
        }
        contract = ModelCard.frontMatter(of: text) ?? ""
        let path = try PipelineFile.path(card.model, in: directory)
        let model: ONNXModel
        do throws(ONNXError) {
            model = try ONNXModel(path: path)
        } catch {
            let isMissing = error.problems.contains { $0.kind == .io && $0.place == nil }
            throw PipelineError(isMissing ? .missing : .invalid, file: card.model, "\(error)")
        }
        graph = model.graph
        // Read first, so that of a file that is no model little more than the first bytes are read.
        identity = ModelIdentity(
            role: task == .segmentation ? .segmentation : .classification, name: card.model,
            sha256: try PipelineFile.hash([card.model] + model.weightFiles, in: directory))
        self.directory = directory
        try checkWeights(cardName)
    }

    private func checkWeights(_ cardName: String) throws(PipelineError) {
        var problems: [String] = []
        // Engines may turn what is not a number into 0, so it would not show in the answers.
        for (name, tensor) in graph.initializers where tensor.floats?.allSatisfy(\.isFinite) == false {
            problems.append("the weights `\(name)` hold what is not a finite number")
        }
        guard problems.isEmpty else { throw PipelineError(.invalid, file: cardName, problems: problems) }
    }

    /// The network for one shape of input, with the one output that the card names.
    func compiled(
        for input: Shape, precision: Precision, by engine: any Engine
    ) throws(EngineError) -> any CompiledNetwork {
        var answering = graph
        answering.outputs.removeAll { $0.name != card.output.name }
        return try engine.compile(answering, inputShapes: [card.input.name: input], precision: precision)
    }

    /// Runs the card's test input.
    func verification(
        precision: Precision, by engine: any Engine
    ) throws(PipelineError) -> ModelVerification {
        let input = try tensor(card.test.input)
        let expected = try tensor(card.test.output)
        let answer: Tensor
        do {
            let network = try compiled(for: input.shape, precision: precision, by: engine)
            answer = try network.makeContext().run([input])[0]
        } catch {
            throw PipelineError(.unsupported, file: card.model, "\(error)")
        }
        return try ModelVerification(answer: answer, expected: expected, test: card.test, file: card.model)
    }

    /// The card's test input.
    func testInput() throws(PipelineError) -> Tensor { try tensor(card.test.input) }

    /// What the card expects as the answer to its test input.
    func testOutput() throws(PipelineError) -> Tensor { try tensor(card.test.output) }

    private func tensor(_ name: String) throws(PipelineError) -> Tensor {
        let bytes: Data
        do throws(PipelineError) {
            bytes = try PipelineFile.data(name, in: directory)
        } catch {
            guard error.kind == .missing else { throw error }
            throw PipelineError(
                .missing, file: name, "is not there: `scanreport pipeline check FOLDER --write-tests` makes it")
        }
        do {
            return try NPY.decode(Array(bytes))
        } catch {
            throw PipelineError(.invalid, file: name, "\(error)")
        }
    }
}
