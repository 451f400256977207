import Findings
import FoundationEssentials
import NeuralNetworks
import ONNX

/// A network as its file and card give it, checked against each other.
public struct LoadedModel: Sendable {
    public let card: ModelCard
    /// With the outputs that the file declares, of which the card names some.
    public let graph: Graph
    public let identity: ModelIdentity
    let precision: StagePrecision
    /// The same in 8-bit integers, where it is computed so, and the hash of the file that says how.
    private let quantised: Graph?
    let rangesSHA256: ContentHash?
    /// The card's machine-readable part as it was: what the model is told, and how its answer is read.
    let contract: String
    private let directory: String

    /// - Parameters:
    ///   - card: the card's file name.
    ///   - task: what the pipeline uses the model for.
    ///   - precision: in which the network is computed.
    ///   - directory: the folder that holds card, model and test tensors.
    public init(
        card cardName: String, task: ModelCard.Task, precision: StagePrecision, in directory: String
    ) throws(PipelineError) {
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
        graph = task == .embedding ? model.graph.answering(with: card.output.name) : model.graph
        // Read first, so that of a file that is no model little more than the first bytes are read.
        identity = ModelIdentity(
            role: task.role, name: card.model,
            sha256: try PipelineFile.hash([card.model] + model.weightFiles, in: directory))
        self.directory = directory
        self.precision = precision
        try Self.checkWeights(of: graph, cardName)
        let integers = try precision == .int8 ? ModelRanges.quantised(graph, of: identity, in: directory) : nil
        quantised = integers?.graph
        rangesSHA256 = integers?.sha256
    }

    private static func checkWeights(of graph: Graph, _ cardName: String) throws(PipelineError) {
        var problems: [String] = []
        // Engines may turn what is not a number into 0, so it would not show in the answers.
        for (name, tensor) in graph.initializers where tensor.floats?.allSatisfy(\.isFinite) == false {
            problems.append("the weights `\(name)` hold what is not a finite number")
        }
        guard problems.isEmpty else { throw PipelineError(.invalid, file: cardName, problems: problems) }
    }

    /// The network for one shape of input, with the outputs that the card names, in its order.
    func compiled(for input: Shape, by engine: any Engine) throws(EngineError) -> any CompiledNetwork {
        try compiled(quantised ?? graph, for: input, precision: precision.ofEngine, by: engine)
    }

    /// The same by the plain definition of each operator, in float32: what its tests expect.
    func reference(for input: Shape) throws(EngineError) -> any CompiledNetwork {
        try compiled(graph, for: input, precision: .float32, by: ReferenceEngine())
    }

    private func compiled(
        _ graph: Graph, for input: Shape, precision: Precision, by engine: any Engine
    ) throws(EngineError) -> any CompiledNetwork {
        var answering = graph
        answering.outputs = card.output.names.compactMap { name in graph.outputs.first { $0.name == name } }
        return try engine.compile(answering, inputShapes: [card.input.name: input], precision: precision)
    }

    /// Runs the card's test input.
    func verification(by engine: any Engine) throws(PipelineError) -> ModelVerification {
        let input = try tensor(card.test.input)
        let expected = try testOutputs()
        let answers: [Tensor]
        do {
            let network = try compiled(for: input.shape, by: engine)
            answers = try network.makeContext().run([input])
        } catch {
            throw PipelineError(.unsupported, file: card.model, "\(error)")
        }
        var worst: ModelVerification?
        for (answer, expected) in zip(answers, expected) {
            let found = try ModelVerification(
                answer: answer, expected: expected, test: card.test, isOfIntegers: precision == .int8, file: card.model)
            if worst.map({ found.isWorse(than: $0) }) ?? true { worst = found }
        }
        guard let worst else { throw PipelineError(.unverified, file: card.model, "the model answers nothing") }
        return worst
    }

    /// The card's test input.
    func testInput() throws(PipelineError) -> Tensor { try tensor(card.test.input) }

    /// What the card expects as the answers to its test input, in the order of its outputs.
    func testOutputs() throws(PipelineError) -> [Tensor] {
        var tensors: [Tensor] = []
        for name in card.test.outputs(of: card.output) { tensors.append(try tensor(name)) }
        return tensors
    }

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

extension ModelCard.Task {
    fileprivate var role: ModelIdentity.Role {
        switch self {
        case .segmentation: .segmentation
        case .classification: .classification
        case .detection: .detection
        case .embedding: .embedding
        }
    }
}

extension Graph {
    /// The same with a tensor between its nodes as an output.
    fileprivate func answering(with tensor: String) -> Graph {
        guard !outputs.contains(where: { $0.name == tensor }), nodes.contains(where: { $0.outputs.contains(tensor) })
        else { return self }
        var graph = self
        graph.outputs.append(Graph.Port(name: tensor, elementType: .float32, dimensions: []))
        return graph
    }
}
