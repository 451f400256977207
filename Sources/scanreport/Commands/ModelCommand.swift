import ArgumentParser

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Make an ONNX model, look into it, run it, time it, quantise it, or check it against its card.",
        subcommands: [
            ModelNew.self, ModelInspect.self, ModelFeatures.self, ModelRun.self, ModelBenchmark.self,
            ModelQuantise.self, ModelVerify.self,
        ])
}
