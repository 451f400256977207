import Listings

extension EvaluationReport {
    /// The report for people.
    public var text: String {
        var sections = [summary, overallTable.text]
        if !classes.isEmpty { sections += [classTable.text, confusionTable.text] }
        if !unanalysed.isEmpty {
            sections.append("Not evaluated, and so in none of the figures:\n" + unanalysedTable.text)
        }
        return sections.joined(separator: "\n")
    }

    private var summary: String {
        var lines = [
            "\(scans.counting("scan")) of \(patients.counting("patient")) evaluated; \(unanalysed.count) not evaluated."
        ]
        if unlabelled > 0 {
            lines.append(
                "\(unlabelled) without label and region (no tissue, rejected, nothing found): wrong where there is truth."
            )
        }
        if !strangeClasses.isEmpty {
            lines.append(
                "No finding speaks of these classes of the manifest: \(strangeClasses.joined(separator: ", ")). "
                    + "Are they the pipeline's?")
        }
        if !outlines.isEmpty {
            let rest = uncountedOutlines.isEmpty ? "" : "; left out: \(uncountedOutlines.counted)"
            lines.append("Outlines that count: \(outlines.counted)\(rest).")
        }
        lines += doubts.map { "\($0)." }
        lines.append(
            "Intervals: 95 %, percentile bootstrap over patients, \(options.resamples) resamples, seed \(options.seed)."
        )
        return lines.joined(separator: "\n") + "\n"
    }

    private var overallTable: TextTable {
        var table = TextTable([
            .init("measure"), .init("value", isNumeric: true), .init("95 % interval"), .init("scans", isNumeric: true),
        ])
        for (name, estimate) in [
            ("Dice (mean per image)", overall.dice),
            ("object F1 at IoU \(ObjectMatch.threshold)", overall.objectF1),
            ("accuracy", overall.accuracy),
            ("balanced accuracy", overall.balancedAccuracy),
            ("AUC (mean of classes)", overall.areaUnderCurve),
            ("calibration error (\(options.bins) bins)", overall.calibrationError),
        ] {
            table.append([name, estimate.valueText, estimate.intervalText, String(estimate.support)])
        }
        return table
    }

    private var classTable: TextTable {
        var table = TextTable([
            .init("class"), .init("scans", isNumeric: true), .init("Dice"), .init("recall"), .init("precision"),
            .init("AUC against the rest"),
        ])
        for figures in classes {
            let estimates = [figures.dice, figures.recall, figures.precision, figures.areaUnderCurve]
            table.append([figures.label, String(figures.recall.support)] + estimates.map(\.text))
        }
        return table
    }

    private var confusionTable: TextTable {
        var table = TextTable(
            [.init("true \\ labelled")] + (confusion.classes + ["no label"]).map { .init($0, isNumeric: true) })
        for (index, label) in confusion.classes.enumerated() {
            table.append([label] + confusion.counts[index].map { String($0) } + [String(confusion.unlabelled[index])])
        }
        return table
    }

    private var unanalysedTable: TextTable {
        var table = TextTable([.init("line", isNumeric: true), .init("patient"), .init("scan"), .init("reason")])
        for scan in unanalysed {
            table.append([String(scan.truth.line), scan.truth.patient, scan.truth.scan, scan.reason])
        }
        return table
    }
}

extension Estimate {
    var valueText: String { value?.rounded(toDigits: 3) ?? "n/a" }

    var intervalText: String {
        interval.map { "\($0.lowerBound.rounded(toDigits: 3)) to \($0.upperBound.rounded(toDigits: 3))" } ?? "n/a"
    }

    fileprivate var text: String { interval == nil ? valueText : "\(valueText) (\(intervalText))" }
}
