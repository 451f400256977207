import ArgumentParser
import Fixtures

struct DemonstrationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demonstration",
        abstract: "Write the demonstration set again, as it lies in Fixtures/scans.")

    @Option(help: "The folder to write to; it is created.")
    var output: String

    func run() throws {
        try ScanSet(.demonstration).write(to: output)
    }
}
