import Findings
import NeuralNetworks

/// What models see of scans, as their pipeline prepares it: for their calibration.
public enum SeenInputs {
    /// Inputs of a model that are kept of all that the scans give.
    private static let kept = 24

    /// - Parameters:
    ///   - graphs: networks of the pipeline's models.
    ///   - scans: paths of files.
    ///   - directory: the pipeline's folder.
    /// - Returns: for each graph, the inputs of its network.
    /// - Throws: ``PipelineError``, or ``AnalysisFailure`` for a scan that cannot be analysed.
    public static func of(
        _ graphs: [Graph], in scans: [String], pipeline directory: String, engine: any Engine
    ) throws -> [[Tensor]] {
        var recorders: [RecordingEngine] = []
        for graph in graphs {
            recorders.append(RecordingEngine(recorders.last ?? engine, of: graph, limit: kept))
        }
        let pipeline = try Pipeline(directory: directory, engine: recorders.last ?? engine, precision: .float32)
        let analyser = try ScanAnalyser(pipeline: pipeline, tileThreads: 1)
        for scan in scans {
            let outcome = try analyser.analyse(OpenedScan(path: scan), spacing: nil).outcome
            if case .failed(let failure) = outcome { throw failure }
        }
        return recorders.map(\.inputs)
    }
}
