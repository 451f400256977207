import Analysis
import ArgumentParser

struct PipelineCalibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate", abstract: "Find how models with `precision: int8` are written in 8-bit integers.",
        discussion: """
            The pipeline analyses the scans in float32. Of what each model sees there, its values' ranges and the layers that \
            stay in float32 are written beside it, as MODEL.ranges.json: part of the pipeline, and of its fingerprint. A changed \
            model needs a new one.
            """)

    @Argument(help: ArgumentHelp("The pipeline's folder, or its name.", valueName: "folder"))
    var folder: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Scans like those that the pipeline will see.", valueName: "file"))
    var scans: [String]

    @OptionGroup var allowed: DeviationOption

    func validate() throws {
        if scans.isEmpty { throw ValidationError("--scans needs a scan.") }
    }

    func run() throws {
        do {
            let directory = try PipelineOptions.folder(for: folder)
            try CalibrationScans.check(scans)
            let calibration = try PipelineCalibration(directory: directory, engine: ProgramEngine.engine)
            for result in try calibration.write(scans: scans, largestDeviation: allowed.deviation) {
                let summary = result.plan.summary(layers: result.layers, deviation: result.deviation)
                try StandardOutput.write("\(result.model): \(summary)")
            }
        } catch {
            throw CalibrationScans.failure(error)
        }
    }
}
