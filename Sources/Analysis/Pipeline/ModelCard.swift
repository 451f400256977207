/// What a model's card says that a program must know: the YAML between the `---` lines at the head of the card's
/// Markdown. `Pipelines/README.md` says what each key means.
public struct ModelCard: Sendable, Hashable {
    public enum Task: String, Sendable, Hashable, CaseIterable {
        case segmentation, classification, detection, embedding
    }

    /// File name of the ONNX model, beside the card.
    public let model: String
    public let task: Task
    public let architecture: String
    public let input: ModelInput
    public let output: ModelOutput
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
        try self.init(try StrictMapping(yaml: yaml, file: file), file: file)
    }

    init(_ card: StrictMapping, file: String = "card.md") throws(PipelineError) {
        let model = card.string("model")
        let task: Task? = card.word("task")
        let architecture = card.string("architecture")
        _ = card.string("licence")
        let input = card.mapping("input").flatMap(ModelInput.init)
        let outputMapping = card.mapping("output")
        let output = outputMapping.flatMap { ModelOutput($0, task: task, inputLayout: input?.layout) }
        let temperature = card.mapping("calibration", optional: true).map(ModelCard.temperature) ?? 1
        if let temperature, temperature != 1, output?.activation == ModelOutput.Activation.none {
            card.report("calibration", "divides logits: the output's activation must be sigmoid or softmax")
        }
        if let temperature, temperature != 1, output?.detection?.leadingColumns == 5 {
            card.report(
                "calibration", "divides one logit, and with an objectness there are two: its method must be none")
        }
        let test = Test(card.mapping("test", optional: true), model: model ?? "model.onnx")
        card.finish()
        guard card.problems.isEmpty, let model, let task, let architecture, let input, let output, let temperature,
            let test
        else {
            throw PipelineError(.invalid, file: file, problems: card.problems)
        }
        self.model = model
        self.task = task
        self.architecture = architecture
        self.input = input
        self.output = output
        self.temperature = temperature
        self.test = test
    }

    /// The lines between the two `---` at the head of the card; nil where it does not begin with them.
    static func frontMatter(of text: String) -> String? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        func isFence(_ line: Substring) -> Bool {
            line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace)
        }
        guard let first = lines.first, isFence(first), let end = lines.dropFirst().firstIndex(where: isFence)
        else { return nil }
        return lines[1..<end].joined(separator: "\n")
    }

    private enum CalibrationMethod: String, CaseIterable {
        case temperature
        case identity = "none"
    }

    private static func temperature(_ calibration: StrictMapping) -> Double? {
        let method: CalibrationMethod? = calibration.word("method")
        let temperature = method == .temperature ? calibration.double("temperature", in: 0.01...100) : 1
        calibration.finish()
        return method == nil ? nil : temperature
    }
}

extension ModelCard.Test {
    /// The expected tensors: that of the output `name`, then those of a detection's further ones, whose files are called like the
    /// first with what they are before the suffix.
    package func outputs(of output: ModelOutput) -> [String] {
        let stem = self.output.hasSuffix(".npy") ? String(self.output.dropLast(4)) : self.output
        return [self.output] + (output.detection?.furtherOutputs.map { "\(stem).\($0.role).npy" } ?? [])
    }

    private static let usualTolerance = 0.001

    /// - Parameter mapping: nil where the card names no test: its tensors are then named for the model.
    init?(_ mapping: StrictMapping?, model: String) {
        let stem = model.hasSuffix(".onnx") ? String(model.dropLast(5)) : model
        let names = (input: "\(stem).test-input.npy", output: "\(stem).test-output.npy")
        guard let mapping else {
            self.init(
                input: names.input, output: names.output, relativeTolerance: Self.usualTolerance,
                absoluteTolerance: Self.usualTolerance)
            return
        }
        let input = mapping.string("input")
        let output = mapping.string("output")
        let tolerance = mapping.mapping("tolerance")
        let relative = tolerance?.double("relative", in: 0...1)
        let absolute = tolerance?.double("absolute", in: 0...1)
        tolerance?.finish()
        mapping.finish()
        guard let input, let output, let relative, let absolute else { return nil }
        self.init(input: input, output: output, relativeTolerance: relative, absoluteTolerance: absolute)
    }
}
