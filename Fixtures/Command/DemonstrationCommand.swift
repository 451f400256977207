import ArgumentParser
import Fixtures

struct DemonstrationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demonstration",
        abstract: "Write the demonstration set of a pipeline again, as it lies in Fixtures.")

    enum Pipeline: String, CaseIterable, ExpressibleByArgument {
        case colorectalBiopsy = "colorectal-biopsy"
        case bloodSmear = "blood-smear"
        case nuclei
    }

    @Option(help: "The pipeline that the scans are for.")
    var pipeline = Pipeline.colorectalBiopsy

    @Option(help: "The folder to write to; it is created.")
    var output: String

    func run() throws {
        switch pipeline {
        case .colorectalBiopsy: try ScanSet(.demonstration).write(to: output)
        case .bloodSmear: try ObjectSet.bloodSmear.write(to: output)
        case .nuclei: try ObjectSet.nuclei.write(to: output)
        }
    }
}
