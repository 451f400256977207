import ArgumentParser
import Batch

/// What the batch starts to read one label: the scan is standard input.
struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Read a slide's label for a batch (started by `run`).", shouldDisplay: false)

    @Option var memoryLimit: Int64

    @Flag var requireConfinement = false

    func run() throws {
        throw ExitCode(LabelService.run(memoryLimit: memoryLimit, requiresConfinement: requireConfinement))
    }
}
