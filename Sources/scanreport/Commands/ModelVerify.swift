import Analysis
import ArgumentParser

struct ModelVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a pipeline's models answer their test inputs as their cards say.",
        discussion: "`run` checks the same before it trusts a model. Ends with 1 where a model answers otherwise.")

    @OptionGroup var pipeline: PipelineOptions

    func run() throws {
        let folder = try pipeline.folder()
        var allAreRight = true
        do {
            let pipeline = try Pipeline(directory: folder, engine: ProgramEngine.engine)
            for model in pipeline.stages.map(\.model) {
                let result = try pipeline.verification(of: model)
                let verdict = result.isWithinTolerance ? "as expected" : "NOT AS EXPECTED"
                try StandardOutput.write("\(model.card.model): \(verdict) (\(result))\n")
                if !result.isWithinTolerance { allAreRight = false }
            }
        } catch {
            throw CommandFailure(any: error)
        }
        if !allAreRight { throw ExitCode(ExitStatus.attention.rawValue) }
    }
}
