import Analysis
import ArgumentParser
import Findings
import Foundation
import Slides

struct PipelineCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say all that is wrong with a pipeline, and run its stages on a drawn scan.",
        discussion: """
            Ends with 65 where the pipeline cannot be used, and with 1 where its stages fail on the drawn scan, or answer as no \
            network should.
            """)

    @Argument(help: ArgumentHelp("The pipeline's folder, or its name.", valueName: "folder"))
    var folder: String

    @Flag(name: .long, help: "Write the models' test tensors where there are none, by the plain reference.")
    var writeTests = false

    func run() throws {
        do {
            let directory = try PipelineOptions.folder(for: folder)
            let pipeline = try Pipeline(directory: directory, engine: ProgramEngine.engine)
            if writeTests {
                for name in try TestTensors(pipeline, directory: directory).write() {
                    try StandardOutput.write("wrote \(name)\n")
                }
            }
            try pipeline.verify()
            for stage in pipeline.stages { try StandardOutput.write("\(stage.summary)\n") }
            try report(try Self.analyseDrawnScan(by: pipeline))
        } catch {
            throw CommandFailure(any: error)
        }
    }

    private static func analyseDrawnScan(by pipeline: Pipeline) throws -> AnalysisOutcome {
        let file = FileManager.default.temporaryDirectory.appending(path: "scanreport-\(UUID().uuidString).tif").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let spacing = pipeline.stages.compactMap(\.model.card.input.spacing).first ?? 1
        try PlainScan.write(
            DrawnScan.pixels(), width: DrawnScan.width, height: DrawnScan.height, micrometresPerPixel: spacing, to: file
        )
        return try ScanAnalyser(pipeline: pipeline, tileThreads: 1).analyse(OpenedScan(path: file), spacing: nil)
            .outcome
    }

    private func report(_ outcome: AnalysisOutcome) throws {
        switch outcome {
        case .failed(let failure): throw CommandFailure(.attention, "on a drawn scan: \(failure)")
        case .done(let result):
            let counts = Dictionary(grouping: result.findings) { "\($0.kind.rawValue) \($0.label)" }.mapValues(\.count)
            let list = counts.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }.joined(separator: ", ")
            try StandardOutput.write("on a drawn scan: \(list.isEmpty ? "no findings" : list)\n")
            for remark in result.remarks { try StandardOutput.write("  \(remark)\n") }
        }
    }
}
