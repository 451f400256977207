import Analysis
import Foundation
import NeuralNetworks
import Testing

/// A card that its model does not bear out is refused before any scan is read, in words that say what to change.
@Suite struct CardTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var network = ColourNetwork(classes: [ColourNetwork.red])
        var task = "segmentation"
        var input = "name: image, normalisation: { method: scale }"
        var output = "activation: sigmoid, classes: [red]"
        var rest = ""
        var stage = ", tile: 64, overlap: 16"
        /// Parts of the message.
        let says: [String]
    }

    private static let scores: [any NeuralNetworks.Operator] = [GlobalPooling(.average), Flatten()]
    private static let halving = AveragePooling(window: Window(kernelShape: [2, 2], strides: [2, 2]))
    private static let fixed = ColourNetwork(classes: [ColourNetwork.red], side: 64)

    static let cases = [
        Case(
            testDescription: "two names for one channel", output: "activation: sigmoid, classes: [ground, red]",
            says: ["1x1x64x64", "2 classes", "takes `image` 1x3xhxw float32 and answers with `answer`"]),
        Case(
            testDescription: "one name for two channels",
            network: ColourNetwork(classes: [ColourNetwork.red, ColourNetwork.blue]), says: ["1x2x64x64", "1 class"]),
        Case(
            testDescription: "scores for pixels", network: ColourNetwork(classes: [ColourNetwork.red], tail: scores),
            says: ["the output is 1x1 for a tile"]),
        Case(
            testDescription: "pixels for scores", task: "classification", stage: ", tile: 64",
            says: ["1x1x64x64 for a tile"]),
        Case(
            testDescription: "softmax of one class", output: "activation: softmax, classes: [red]",
            says: ["always 1 for one class"]),
        Case(
            testDescription: "softmax without a background",
            network: ColourNetwork(classes: [ColourNetwork.red, ColourNetwork.blue]),
            output: "activation: softmax, classes: [red, blue]", says: ["output.background is missing"]),
        Case(
            testDescription: "a background that is no class",
            output: "activation: sigmoid, classes: [red], background: glass",
            says: ["`glass`, which is none of the classes"]),
        Case(
            testDescription: "sigmoid of a sigmoid",
            network: ColourNetwork(classes: [ColourNetwork.red], tail: [UnaryElementwise(.sigmoid)]),
            says: ["that of a Sigmoid already", "the activation is none"]),
        Case(
            testDescription: "softmax of a softmax",
            network: ColourNetwork(classes: [ColourNetwork.red, ColourNetwork.blue], tail: [Softmax(axis: 1)]),
            output: "activation: softmax, classes: [red, background]", says: ["that of a Softmax already"]),
        Case(
            testDescription: "sigmoid of a sigmoid that is clipped",
            network: ColourNetwork(classes: [ColourNetwork.red], tail: [UnaryElementwise(.sigmoid), Clip()]),
            says: ["that of a Sigmoid already"]),
        Case(
            testDescription: "sigmoid of what a hard sigmoid's mean is",
            network: ColourNetwork(
                classes: [ColourNetwork.red], tail: [UnaryElementwise(.hardSigmoid(alpha: 0.2, beta: 0.5)), halving]),
            says: ["that of a HardSigmoid already"]),
        Case(
            testDescription: "a calibration of probabilities",
            network: ColourNetwork(classes: [ColourNetwork.red], tail: [UnaryElementwise(.sigmoid)]),
            output: "activation: none, classes: [red]", rest: "calibration: { method: temperature, temperature: 2 }",
            says: ["calibration divides logits"]),
        Case(
            testDescription: "another tile than the model's", network: fixed, stage: ", tile: 96, overlap: 16",
            says: ["takes 64 x 64 pixels only, and the stage's tile is 96"]),
        Case(
            testDescription: "another size than the model's", network: fixed,
            input: "name: image, size: [224, 224], normalisation: { method: scale }", stage: ", overlap: 16",
            says: ["takes 64 x 64 pixels only, and the card's `input.size` is 224"]),
        Case(testDescription: "no size at all", stage: ", overlap: 16", says: ["says how large a tile is"]),
        Case(
            testDescription: "a size that is not square",
            input: "name: image, size: [64, 96], normalisation: { method: scale }",
            says: ["input.size must be one side"]),
        Case(
            testDescription: "a batch of four", network: ColourNetwork(classes: [ColourNetwork.red], batch: 4),
            says: ["`image` is 4x3xhxw", "export it for a batch of 1"]),
        Case(
            testDescription: "another layout", input: "name: image, layout: NHWC, normalisation: { method: scale }",
            says: ["`image` is 1x3xhxw", "in the layout NHWC"]),
        Case(
            testDescription: "grey for three channels",
            input: "name: image, colour: grey, normalisation: { method: scale }",
            says: ["`image` is 1x3xhxw", "one grey image"]),
        Case(
            testDescription: "another input", input: "name: picture, normalisation: { method: scale }",
            says: ["`picture` is not the model's only input"]),
        Case(
            testDescription: "a range that the factor does not make",
            input: "name: image, range: [0, 255], normalisation: { method: scale, factor: 0.5 }",
            says: ["input.normalisation.factor"]),
        Case(
            testDescription: "a tile that is shrunk by what it is no multiple of",
            network: ColourNetwork(classes: [ColourNetwork.red], tail: [halving, halving]),
            stage: ", tile: 66, overlap: 16",
            says: ["a tile of 66 is no multiple of the 4 pixels"]),
        Case(
            testDescription: "a crop that the graph does not have",
            output: "activation: sigmoid, classes: [red], crop: 5",
            says: ["a crop of 5 does not make"]),
        Case(
            testDescription: "an overlap past what tiles answer for",
            network: ColourNetwork(classes: [ColourNetwork.red], kernel: 33, pads: false),
            stage: ", tile: 64, overlap: 32",
            says: ["at most 0 for tiles that answer for 32 pixels"]),
        Case(
            testDescription: "an overlap that leaves tiles no way on",
            network: ColourNetwork(classes: [ColourNetwork.red]), stage: ", tile: 32, overlap: 16",
            says: ["at most 0 for tiles that answer for 32 pixels"]),
        Case(
            testDescription: "a class without a name", output: "activation: sigmoid, classes: ['']",
            says: ["output.classes holds ``"]),
        Case(
            testDescription: "a class whose name the CSV cannot tell",
            output: "activation: sigmoid, classes: ['a=1;b']",
            says: ["output.classes holds `a=1;b`"]),
        Case(
            testDescription: "a key left open", output: "activation: \"?\", classes: [red]",
            says: ["output.activation is `?`"]),
    ]

    @Test(arguments: cases)
    func areRefused(wrong: Case) throws {
        let pipeline = try HandmadePipeline([
            .init(
                graph: wrong.network.graph(), task: wrong.task, input: wrong.input, output: wrong.output,
                rest: wrong.rest,
                stage: wrong.stage)
        ])
        let error = try #require(throws: PipelineError.self) { try pipeline.load() }
        for part in wrong.says { #expect(error.description.contains(part), "\(error)") }
        #expect(!error.description.contains("\n"))
    }

    /// What a network ends in, as nodes of (operator, inputs, output) after its `logits`.
    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let nodes: [(operation: any NeuralNetworks.Operator, inputs: [String])]
        var activation = "sigmoid"
        let says: String
    }

    private static let total: (operation: any NeuralNetworks.Operator, inputs: [String]) = (
        Reduction(.sum), ["0", "axes"]
    )

    static let endings = [
        Ending(
            testDescription: "1 / (1 + exp(-x))",
            nodes: [
                (UnaryElementwise(.negate), ["logits"]), (UnaryElementwise(.exponential), ["0"]),
                (BinaryElementwise(.add), ["1", "one"]), (BinaryElementwise(.divide), ["one", "2"]),
            ], says: "that of a written-out Sigmoid already"),
        Ending(
            testDescription: "exp(x) / (exp(x) + 1)",
            nodes: [
                (UnaryElementwise(.exponential), ["logits"]), (BinaryElementwise(.add), ["0", "one"]),
                (BinaryElementwise(.divide), ["0", "1"]),
            ], says: "that of a written-out Sigmoid already"),
        Ending(
            testDescription: "(tanh(x) + 1) / 2",
            nodes: [
                (UnaryElementwise(.tanh), ["logits"]), (BinaryElementwise(.add), ["0", "one"]),
                (BinaryElementwise(.multiply), ["1", "half"]),
            ], says: "that of a written-out Sigmoid already"),
        Ending(
            testDescription: "exp(x) / sum(exp(x))",
            nodes: [
                (UnaryElementwise(.exponential), ["logits"]), total, (BinaryElementwise(.divide), ["0", "1"]),
            ], activation: "softmax", says: "that of a written-out Softmax already"),
        Ending(
            testDescription: "the same, computed twice and seen as it is",
            nodes: [
                (UnaryElementwise(.exponential), ["logits"]), total, (UnaryElementwise(.exponential), ["logits"]),
                (BinaryElementwise(.divide), ["2", "1"]), (Identity(), ["3"]),
            ], activation: "softmax", says: "that of a written-out Softmax already"),
        Ending(
            testDescription: "exp(log-softmax)",
            nodes: [(Softmax(.logarithms, axis: 1), ["logits"]), (UnaryElementwise(.exponential), ["0"])],
            activation: "softmax", says: "that of a written-out Softmax already"),
        Ending(
            testDescription: "clip(x / 2 + 1 / 2, 0, 1)",
            nodes: [
                (BinaryElementwise(.multiply), ["logits", "half"]), (BinaryElementwise(.add), ["0", "half"]),
                (Clip(), ["1", "zero", "one"]),
            ], says: "that of a written-out Sigmoid already"),
    ]

    @Test(arguments: ["segmentation", "classification"], endings)
    func functionsThatAreWrittenOutAreSeen(task: String, ending: Ending) throws {
        let isGrade = task == "classification"
        let network = ColourNetwork(
            classes: [ColourNetwork.red, ColourNetwork.blue], tail: isGrade ? Self.scores : [Identity()])
        var graph = try network.graph()
        graph.nodes[graph.nodes.count - 1].outputs = ["logits"]
        for (index, node) in ending.nodes.enumerated() {
            let output = index == ending.nodes.count - 1 ? "answer" : "\(index)"
            graph.nodes.append(
                Graph.Node(name: output, operation: node.operation, inputs: node.inputs, outputs: [output]))
        }
        for (name, value) in [("zero", Float(0)), ("half", 0.5), ("one", 1)] {
            graph.initializers[name] = Tensor(shape: [], [value])
        }
        graph.initializers["axes"] = Tensor(shape: [1], [Int64(1)])
        let pipeline = try HandmadePipeline([
            .init(
                graph: graph, task: task, output: "activation: \(ending.activation), classes: [red, background]",
                stage: isGrade ? ", tile: 64" : ", tile: 64, overlap: 16")
        ])
        let error = try #require(throws: PipelineError.self) { try pipeline.load() }
        #expect(error.description.contains(ending.says), "\(error)")
    }

    @Test func probabilitiesThatTheGraphDoesNotShowAreSeenInTheTest() throws {
        let network = ColourNetwork(
            classes: [ColourNetwork.red], tail: [UnaryElementwise(.tanh), UnaryElementwise(.absolute)])
        let pipeline = try HandmadePipeline([
            .init(
                graph: network.graph(), task: "segmentation", output: "activation: sigmoid, classes: [red]",
                stage: ", tile: 64, overlap: 16")
        ])
        _ = try TestTensors(pipeline.load(), directory: pipeline.folder.path).write()
        let error = try #require(throws: PipelineError.self) { try pipeline.load().verify() }
        #expect(error.kind == .unverified && error.description.contains("the card's activation is none"), "\(error)")
    }

    @Test func whatIsWrongWithAllStagesIsSaidAtOnce() throws {
        let pipeline = try HandmadePipeline([
            .init(
                graph: Self.fixed.graph(), task: "segmentation", output: "activation: sigmoid, classes: [a, b]",
                stage: ", overlap: 16"),
            .init(graph: Self.fixed.graph(), task: "classification", output: "activation: softmax, classes: [a]"),
        ])
        let error = try #require(throws: PipelineError.self) { try pipeline.load() }
        #expect(error.description.contains("stage-1.onnx: the output is 1x1x64x64"))
        #expect(error.description.contains("stage-2.md: output.activation is softmax"))
    }

    @Test(arguments: ["\r\n", "\n"], ["", "\u{FEFF}"])
    func lineEndsAndByteOrderMarksOfOtherSystemsAreRead(lineEnd: String, mark: String) throws {
        let pipeline = try HandmadePipeline([
            .init(
                graph: Self.fixed.graph(), task: "segmentation", output: "activation: sigmoid, classes: [red]",
                stage: ", overlap: 16")
        ])
        let before = try pipeline.load().identity.models
        for name in ["stage-1.md", "pipeline.yaml"] {
            let text = try String(contentsOfFile: pipeline.folder[name], encoding: .utf8)
            try pipeline.folder.write(name, mark + text.replacing("\n", with: lineEnd))
        }
        #expect(try pipeline.load().identity.models == before)
    }
}
