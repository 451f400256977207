import ArgumentParser

struct PipelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Make a pipeline of ONNX models, check it, or calibrate it for 8-bit integers.",
        subcommands: [PipelineNew.self, PipelineCheck.self, PipelineCalibrate.self])
}
