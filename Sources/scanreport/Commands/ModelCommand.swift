import ArgumentParser

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look into an ONNX model, run it, time it, or check it against its card.",
        subcommands: [ModelInspect.self, ModelRun.self, ModelBenchmark.self, ModelVerify.self])
}
