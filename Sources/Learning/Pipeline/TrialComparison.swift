import Analysis
import Evaluation
import Listings

/// The figures of a pipeline before and after, side by side.
public struct TrialComparison: Sendable {
    let scans: Int
    let patients: Int
    private let rows: [Row]
    /// Why scans are in none of the figures, each with how many.
    private let unanalysed: [String: Int]
    /// Of the figure that the stage is judged by.
    private let decisive: String

    private struct Row: Sendable {
        let name: String
        /// Nil where nothing was learned before.
        let before: Estimate?
        let after: Estimate
    }

    /// Tries both pipelines on the scans that were not learned from.
    ///
    /// - Parameter before: nil where the new one began with fresh weights.
    /// - Throws: ``LearningError`` of kind `labels`.
    public init(
        on scans: [LabelledScan], before: ScanAnalyser?, after: ScanAnalyser, _ task: LearningTask
    ) throws(LearningError) {
        if task.kind == .detection {
            self.init(
                before: try before.map { (analyser) throws(LearningError) in
                    try Trial.objectReport(on: scans, by: analyser, task)
                },
                after: try Trial.objectReport(on: scans, by: after, task))
        } else {
            self.init(
                before: try before.map { (analyser) throws(LearningError) in try Trial.report(on: scans, by: analyser)
                },
                after: try Trial.report(on: scans, by: after), task)
        }
    }

    private init(before: EvaluationReport?, after: EvaluationReport, _ task: LearningTask) {
        (scans, patients) = (after.scans, after.patients)
        unanalysed = Dictionary(after.unanalysed.map { ($0.reason, 1) }, uniquingKeysWith: +)
        decisive = task.kind == .segmentation ? "Dice (mean per image)" : "accuracy"
        rows = [
            Row(name: "Dice (mean per image)", before: before?.overall.dice, after: after.overall.dice),
            Row(name: "object F1", before: before?.overall.objectF1, after: after.overall.objectF1),
            Row(name: "accuracy", before: before?.overall.accuracy, after: after.overall.accuracy),
            Row(
                name: "balanced accuracy", before: before?.overall.balancedAccuracy,
                after: after.overall.balancedAccuracy),
            Row(
                name: "AUC (mean of classes)", before: before?.overall.areaUnderCurve,
                after: after.overall.areaUnderCurve),
            Row(
                name: "calibration error", before: before?.overall.calibrationError,
                after: after.overall.calibrationError),
        ].filter { $0.before?.value != nil || $0.after.value != nil }
    }

    private init(before: ObjectReport?, after: ObjectReport) {
        (scans, patients) = (after.scans, after.patients)
        unanalysed = Dictionary(after.unanalysed.map { ($0.reason, 1) }, uniquingKeysWith: +)
        decisive = "F1 at IoU 0.5"
        rows = after.figures.compactMap { figure in
            // Of the classes together, and then how well each is found.
            guard figure.label == nil || ["ap_50", "count_error"].contains(figure.name) else { return nil }
            let old = before?.figures.first { $0.name == figure.name && $0.label == figure.label }
            guard before == nil || old != nil else { return nil }
            let label = figure.label.map { $0.isEmpty ? "" : ", \($0)" } ?? ""
            return Row(name: figure.words + label, before: old?.estimate, after: figure.estimate)
        }
    }

    /// For people.
    var texts: [(name: String, before: String, after: String)] {
        rows.map { ($0.name, $0.before.map(Self.text) ?? "", Self.text($0.after)) }
    }

    /// A table in Markdown, which people read as it is.
    public var table: String {
        let lines = texts.map { "| \($0.name) | \($0.before) | \($0.after) |" }
        return """
            | on \(scans.counting("scan")) of \(patients.counting("patient")) of the split val | before | after |
            | --- | --- | --- |
            \(lines.joined(separator: "\n"))

            """
                + unanalysed.sorted { $0.key < $1.key }.map {
                    "\n\($0.value.counting("scan")) in no figure: \($0.key)\n"
                }
                .joined()
    }

    /// What the figure that the stage is judged by says.
    public var verdict: String {
        let silence = "the split val says nothing of the stage"
        guard let row = rows.first(where: { $0.name == decisive }), let new = row.after.value else { return silence }
        guard let before = row.before else { return "\(decisive): \(Self.text(row.after)), from fresh weights" }
        guard let old = before.value else { return silence }
        // One or two patients have no interval to speak of.
        let isNoise =
            patients < 3 || before.interval?.contains(new) ?? true || row.after.interval?.contains(old) ?? true
        let change = ((new - old) * 1000).rounded() / 1000
        return "\(decisive): \(change >= 0 ? "+" : "")\(change)"
            + (isNoise ? ", within the noise of so few patients" : "")
    }

    /// Whether the figure that the stage is judged by fell, or has no value.
    public var isWorse: Bool {
        guard let row = rows.first(where: { $0.name == decisive }), let new = row.after.value else { return true }
        return new < row.before?.value ?? 0
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
