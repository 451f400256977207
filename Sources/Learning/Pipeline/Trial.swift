import Analysis
import Evaluation
import Findings

/// How a pipeline does on the scans that were not learned from, by the same code as `evaluate`.
public enum Trial {
    /// - Throws: ``LearningError`` of kind `labels` where a scan is not what it was when its label was read.
    public static func report(
        on scans: [LabelledScan], by analyser: ScanAnalyser
    ) throws(LearningError) -> EvaluationReport {
        var evaluator = Evaluator()
        for scan in scans {
            let answer: Evaluator.Answer =
                switch try outcome(of: scan, analyser) {
                case .failed(let failure): .notAnalysed(reason: "\(failure)")
                case .done(let result): .analysed(result.findings)
                }
            do throws(EvaluationError) {
                try evaluator.add(scan.truth, answer: answer, mask: scan.foreground)
            } catch { throw LearningError(.labels, error.message) }
        }
        return evaluator.report()
    }

    private static func outcome(
        of scan: LabelledScan, _ analyser: ScanAnalyser
    ) throws(LearningError) -> AnalysisOutcome {
        let place = "the scan in line \(scan.truth.line) of the manifest"
        do throws(AnalysisFailure) {
            let opened = try OpenedScan(path: scan.path)
            if try opened.hash() == scan.hash { return analyser.analyse(opened, spacing: nil).outcome }
        } catch { throw LearningError(.labels, "\(place) cannot be read any more: \(error.message)") }
        throw LearningError(.labels, "\(place) changed since its label was read")
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

    /// For people.
    var texts: [(name: String, before: String, after: String)] {
        rows.map { ($0.name, Self.text($0.before), Self.text($0.after)) }
    }

    /// A table in Markdown, which people read as it is.
    public var table: String {
        let lines = texts.map { "| \($0.name) | \($0.before) | \($0.after) |" }
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
