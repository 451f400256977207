import Findings
import FoundationEssentials
import NeuralNetworks

/// The scans that a calibration is made on.
enum CalibrationScans {
    static func check(_ files: [String]) throws(CommandFailure) {
        for file in files where !FileManager.default.fileExists(atPath: file) {
            throw CommandFailure(.missing, "\(file): there is no such file")
        }
    }

    /// What went wrong, as a scan that cannot be analysed where it is one.
    static func failure(_ error: any Error) -> CommandFailure {
        guard let failure = error as? AnalysisFailure else { return CommandFailure(any: error) }
        return CommandFailure(.unusable, "a scan to calibrate on cannot be analysed: \(failure)")
    }
}

extension QuantisationPlan {
    /// What calibration found, a line for each layer that stays in float32.
    ///
    /// - Parameter layers: how many could be computed in integers.
    func summary(layers: Int, deviation: Double) -> String {
        let thousandths = (deviation * 1000).rounded() / 1000
        let counts = "\(layers - sensitiveLayers.count) of \(layers) layers in 8 bits"
        return "\(counts); the outputs move by \(thousandths)\n"
            + sensitiveLayers.sorted().map { "float32: \($0)\n" }.joined()
    }
}
