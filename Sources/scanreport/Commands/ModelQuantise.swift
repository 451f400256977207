import Analysis
import ArgumentParser
import Findings
import FoundationEssentials
import NeuralNetworks
import ONNX

struct ModelQuantise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantise", abstract: "Write a model in 8-bit integers, calibrated on what it sees of scans.",
        discussion: """
            The scans are analysed by the pipeline in whose folder the model lies, which prepares their tiles as it always \
            does; or give tensors for the model's input as NPY files. Weights get a scale for each channel, values between \
            layers one from the least to the largest number that was met. Layers by which the outputs move too far stay in \
            float32. Any engine that reads ONNX runs the file; here it is run in integers where the processor has AVX-512 VNNI.
            """)

    @Argument(help: ArgumentHelp("An ONNX file of float32.", valueName: "model"))
    var model: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Scans like those that the model will see, or NPY files.", valueName: "file"))
    var calibrate: [String]

    @Option(name: .long, help: ArgumentHelp("The ONNX file to write.", valueName: "onnx"))
    var output: String

    @OptionGroup var allowed: DeviationOption

    func validate() throws {
        if calibrate.isEmpty { throw ValidationError("--calibrate needs a scan.") }
    }

    func run() throws {
        let graph = try ModelOptions.load(model).graph
        let quantiser = Quantiser(graph)
        guard graph.inputs.count == 1, !quantiser.layers.isEmpty else {
            throw CommandFailure(
                .unusable, "\(model): only a model of one input and with layers of float32 weights can be quantised")
        }
        let inputs = try calibrate.allSatisfy { $0.hasSuffix(".npy") } ? tensors() : recorded(graph)
        let file: Data
        do {
            let calibration = try Calibration(quantiser, inputs: inputs, engine: ProgramEngine.engine)
            let (plan, moved) = try calibration.plan(largestDeviation: allowed.deviation)
            file = try ONNXModel.encode(
                quantiser.quantised(plan), producer: "scanreport \(ProgramVersion.current)",
                metadata: [
                    "quantisation.inputs": "\(inputs.count)", "quantisation.deviation": "\(moved)",
                    "quantisation.float32": plan.sensitiveLayers.sorted().joined(separator: ", "),
                ])
            try StandardOutput.write(plan.summary(layers: quantiser.layers.count, deviation: moved))
        } catch {
            throw CommandFailure(.unusable, "\(model): \(error)")
        }
        do {
            try file.write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw CommandFailure(.cannotCreate, "\(output): cannot be written")
        }
    }

    private func tensors() throws -> [Tensor] { try calibrate.map { try NPYFile.read($0) } }

    /// What the model sees of the scans, as its pipeline prepares them.
    private func recorded(_ graph: Graph) throws -> [Tensor] {
        let folder = URL(filePath: model).deletingLastPathComponent().path
        let inputs: [Tensor]
        do {
            try CalibrationScans.check(calibrate)
            inputs = try SeenInputs.of([graph], in: calibrate, pipeline: folder, engine: ProgramEngine.engine)[0]
        } catch {
            throw CalibrationScans.failure(error)
        }
        guard !inputs.isEmpty else {
            throw CommandFailure(
                .unusable, "\(model): none of the scans has tissue that the pipeline shows to this model")
        }
        return inputs
    }
}
