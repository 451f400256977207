import Analysis
import Evaluation
import Imaging

/// How a pipeline does on the scans that were not learned from, by the same code as `evaluate`.
public enum Trial {
    /// - Parameter path: of a file that the manifest names.
    public static func report(
        _ truths: [GroundTruth], by analyser: ScanAnalyser, path: (String) -> String
    ) throws -> EvaluationReport {
        var evaluator = Evaluator()
        for truth in truths {
            let (_, outcome) = analyser.analyse(try OpenedScan(path: path(truth.scan)), spacing: nil)
            let mask = try truth.mask.map { try MaskImage(truthAt: path($0), line: truth.line) }
            switch outcome {
            case .failed(let failure):
                try evaluator.add(truth, answer: .notAnalysed(reason: "\(failure)"), mask: nil)
            case .done(let result): try evaluator.add(truth, answer: .analysed(result.findings), mask: mask)
            }
        }
        return evaluator.report()
    }
}

/// The figures of a pipeline before and after, side by side.
public struct TrialComparison: Sendable {
    public let before, after: EvaluationReport

    public init(before: EvaluationReport, after: EvaluationReport) {
        self.before = before
        self.after = after
    }

    private var rows: [(name: String, before: Estimate, after: Estimate)] {
        [
            ("Dice (mean per image)", before.overall.dice, after.overall.dice),
            ("object F1", before.overall.objectF1, after.overall.objectF1),
            ("accuracy", before.overall.accuracy, after.overall.accuracy),
            ("balanced accuracy", before.overall.balancedAccuracy, after.overall.balancedAccuracy),
            ("AUC (mean of classes)", before.overall.areaUnderCurve, after.overall.areaUnderCurve),
            ("calibration error", before.overall.calibrationError, after.overall.calibrationError),
        ].filter { $0.1.value != nil || $0.2.value != nil }
    }

    /// A table in Markdown, which people read as it is.
    public var table: String {
        let lines = rows.map { "| \($0.name) | \(Self.text($0.before)) | \(Self.text($0.after)) |" }
        return """
            | on \(after.scans) scans of \(after.patients) patients of the split val | before | after |
            | --- | --- | --- |
            \(lines.joined(separator: "\n"))

            """
    }

    /// What the figure that the stage is judged by says.
    public func verdict(_ task: LearningTask) -> String {
        let wanted = task.kind == .segmentation ? "Dice (mean per image)" : "accuracy"
        guard let row = rows.first(where: { $0.name == wanted }), let old = row.before.value, let new = row.after.value
        else { return "the split val says nothing of the stage" }
        // One or two patients have no interval to speak of.
        let isNoise =
            after.patients < 3 || row.before.interval?.contains(new) ?? true
            || row.after.interval?.contains(old) ?? true
        let change = ((new - old) * 1000).rounded() / 1000
        return "\(wanted): \(change >= 0 ? "+" : "")\(change)"
            + (isNoise ? ", within the noise of so few patients" : "")
    }

    /// Whether the figure that the stage is judged by fell, or has no value.
    public func isWorse(_ task: LearningTask) -> Bool {
        let (old, new) =
            task.kind == .segmentation
            ? (before.overall.dice.value, after.overall.dice.value)
            : (before.overall.accuracy.value, after.overall.accuracy.value)
        guard let new else { return true }
        return new < old ?? 0
    }

    private static func text(_ estimate: Estimate) -> String {
        func rounded(_ value: Double) -> String {
            let thousandths = Int((value * 1000).rounded())
            let digits = String(abs(thousandths) % 1000)
            return "\(thousandths < 0 ? "-" : "")\(abs(thousandths) / 1000)."
                + String(repeating: "0", count: 3 - digits.count) + digits
        }
        guard let value = estimate.value else { return "none" }
        guard let interval = estimate.interval else { return rounded(value) }
        return "\(rounded(value)) (\(rounded(interval.lowerBound)) to \(rounded(interval.upperBound)))"
    }
}
