import Analysis
import ArgumentParser
import FoundationEssentials

struct PipelineNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a pipeline's folder of ONNX models: pipeline.yaml and cards with what the files tell.",
        discussion: """
            What no file can tell stands as "?" in them: fill it in, then `pipeline check FOLDER --write-tests`. \
            Pipelines/README.md says what each key means.
            """)

    @Argument(help: ArgumentHelp("The folder to make.", valueName: "folder"))
    var folder: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("The models, in the order of their stages; they are copied.", valueName: "onnx"))
    var from: [String]

    func validate() throws {
        if from.isEmpty { throw ValidationError("Name at least one model: --from A.onnx.") }
    }

    func run() throws {
        do {
            let draft = try PipelineDraft(models: from, folder: folder)
            try draft.write()
            try StandardOutput.write(draft.summary)
        } catch {
            throw CommandFailure(any: error)
        }
    }
}
