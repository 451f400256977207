import ArgumentParser

struct PipelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Make a pipeline of ONNX models, or check one.",
        subcommands: [PipelineNew.self, PipelineCheck.self])
}
