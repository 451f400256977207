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

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How far the outputs may move: root of the mean square, relative to that of the outputs.",
            valueName: "share"))
    var deviation = 0.05

    /// Inputs that are kept of all that the scans give.
    private static let calibratedInputs = 24

    func validate() throws {
        if calibrate.isEmpty { throw ValidationError("--calibrate needs a scan.") }
        if !(deviation > 0 && deviation < 1) { throw ValidationError("--deviation must be above 0 and below 1.") }
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
            let (plan, moved) = try calibration.plan(largestDeviation: deviation)
            file = try ONNXModel.encode(
                quantiser.quantised(plan), producer: "scanreport \(ProgramVersion.current)",
                metadata: [
                    "quantisation.inputs": "\(inputs.count)", "quantisation.deviation": "\(moved)",
                    "quantisation.float32": plan.sensitiveLayers.sorted().joined(separator: ", "),
                ])
            try StandardOutput.write(summary(quantiser, plan, moved))
        } catch {
            throw CommandFailure(.unusable, "\(model): \(error)")
        }
        do {
            try file.write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw CommandFailure(.cannotCreate, "\(output): cannot be written")
        }
    }

    private func summary(_ quantiser: Quantiser, _ plan: QuantisationPlan, _ moved: Double) -> String {
        let (all, kept) = (quantiser.layers.count, plan.sensitiveLayers.sorted())
        let thousandths = (moved * 1000).rounded() / 1000
        let first = "\(all - kept.count) of \(all) layers in 8 bits; the outputs move by \(thousandths)\n"
        return first + kept.map { "float32: \($0)\n" }.joined()
    }

    private func tensors() throws -> [Tensor] { try calibrate.map { try NPYFile.read($0) } }

    /// What the model sees of the scans, as its pipeline prepares them.
    private func recorded(_ graph: Graph) throws -> [Tensor] {
        let folder = URL(filePath: model).deletingLastPathComponent().path
        let recorder = RecordingEngine(ProgramEngine.engine, of: graph, limit: Self.calibratedInputs)
        let analyser: ScanAnalyser
        do {
            analyser = try ScanAnalyser(pipeline: Pipeline(directory: folder, engine: recorder), tileThreads: 1)
        } catch {
            throw CommandFailure(any: error)
        }
        for file in calibrate where !FileManager.default.fileExists(atPath: file) {
            throw CommandFailure(.missing, "\(file): there is no such file")
        }
        for file in calibrate {
            do throws(AnalysisFailure) {
                let outcome = analyser.analyse(try OpenedScan(path: file), spacing: nil).outcome
                if case .failed(let failure) = outcome { throw failure }
            } catch {
                throw CommandFailure(.unusable, "a scan of --calibrate cannot be analysed: \(error)")
            }
        }
        guard !recorder.inputs.isEmpty else {
            throw CommandFailure(
                .unusable, "\(model): none of the scans has tissue that the pipeline shows to this model")
        }
        return recorder.inputs
    }
}
