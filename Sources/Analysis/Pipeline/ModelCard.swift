import Imaging

/// What a model's card says that a program must know: the YAML between the `---` lines at the head
/// of the card's Markdown.
public struct ModelCard: Sendable, Hashable {
    public enum Task: String, Sendable, Hashable, CaseIterable {
        case segmentation, classification
    }

    /// What turns the network's output into probabilities.
    public enum Activation: String, Sendable, Hashable, CaseIterable {
        /// Each class on its own.
        case sigmoid
        /// One class of all.
        case softmax
    }

    /// File name of the ONNX model, beside the card.
    public let model: String
    public let task: Task
    public let architecture: String
    public let inputName: String
    /// How pixels become the network's input.
    public let normalisation: Normalisation
    /// Micrometres per pixel of the images that the model was trained on; nil where unknown.
    public let spacing: Double?
    public let outputName: String
    public let activation: Activation
    /// Names of the output's channels.
    public let classes: [String]
    /// Divides the logits before the activation, so that probabilities are calibrated
    /// (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
    public let temperature: Double
    public let test: Test

    /// An input with its expected output: a run trusts no model that answers otherwise.
    public struct Test: Sendable, Hashable {
        /// File names of NPY tensors beside the card.
        public let input: String
        public let output: String
        /// Allowed difference: `relative` x largest magnitude of the expected output + `absolute`.
        public let relativeTolerance: Double
        public let absoluteTolerance: Double
    }

    /// - Parameters:
    ///   - text: the card, Markdown with YAML front matter.
    ///   - file: the card's name, for errors.
    public init(markdown text: String, file: String) throws(PipelineError) {
        guard let yaml = ModelCard.frontMatter(of: text) else {
            throw PipelineError(.invalid, file: file, "does not begin with YAML between two `---` lines")
        }
        let card = try StrictMapping(yaml: yaml, file: file)
        let model = card.string("model")
        let task: Task? = card.word("task")
        let architecture = card.string("architecture")
        _ = card.string("licence")
        let input = card.mapping("input")
        let inputName = input?.string("name")
        let normalisation = input?.mapping("normalisation").flatMap { Normalisation(oneStep: $0) }
        let spacing = input.flatMap(ModelCard.readInputContract)
        let output = card.mapping("output")
        let outputName = output?.string("name")
        let activation: Activation? = output?.word("activation")
        let classes = output?.strings("classes")
        output?.finish()
        let calibration = card.mapping("calibration")
        let method: CalibrationMethod? = calibration?.word("method")
        let temperature = method == .identity ? 1 : calibration?.double("temperature", in: 0.01...100)
        calibration?.finish()
        let test = card.mapping("test").flatMap(Test.init)
        card.finish()
        guard card.problems.isEmpty, let model, let task, let architecture, let inputName, let normalisation,
            let spacing, let outputName, let activation, let classes, let temperature, let test
        else {
            throw PipelineError(.invalid, file: file, problems: card.problems)
        }
        self.model = model
        self.task = task
        self.architecture = architecture
        self.inputName = inputName
        self.normalisation = normalisation
        self.spacing = spacing.value
        self.outputName = outputName
        self.activation = activation
        self.classes = classes
        self.temperature = temperature
        self.test = test
    }

    /// The lines between the two `---` at the head of the card; nil where it does not begin with them.
    static func frontMatter(of text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else { return nil }
        return lines[1..<end].joined(separator: "\n")
    }

    private enum CalibrationMethod: String, CaseIterable {
        case temperature
        case identity = "none"
    }

    private enum Layout: String, CaseIterable { case nchw = "NCHW" }

    private enum Colour: String, CaseIterable { case rgb = "RGB" }

    private enum SpacingSource: String, CaseIterable { case measured, estimate }

    private struct SpacingEntry { let value: Double? }

    /// Checks the parts of the input's contract that have one answer so far, and reads the spacing.
    private static func readInputContract(_ input: StrictMapping) -> SpacingEntry {
        let _: Layout? = input.word("layout")
        let _: Colour? = input.word("colour")
        // For people: the normalisation says the same in numbers.
        for key in ["range", "size"] where input.has(key) { _ = input.doubles(key) }
        guard let spacing = input.mapping("spacing-um-px", optional: true) else {
            input.finish()
            return SpacingEntry(value: nil)
        }
        let value = spacing.double("value", in: 0.01...1_000)
        let _: SpacingSource? = spacing.word("source")
        spacing.finish()
        input.finish()
        return SpacingEntry(value: value)
    }
}

extension ModelCard.Test {
    init?(_ mapping: StrictMapping) {
        let input = mapping.string("input")
        let output = mapping.string("output")
        let tolerance = mapping.mapping("tolerance")
        let relative = tolerance?.double("relative", in: 0...1)
        let absolute = tolerance?.double("absolute", in: 0...1)
        tolerance?.finish()
        mapping.finish()
        guard let input, let output, let relative, let absolute else { return nil }
        self.input = input
        self.output = output
        relativeTolerance = relative
        absoluteTolerance = absolute
    }
}
