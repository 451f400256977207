import Listings

/// How far the database's objects are true.
public struct ObjectReport: Sendable {
    public let options: Evaluator.Options
    /// Evaluated.
    public let scans: Int
    public let patients: Int
    public let figures: [Figure]
    public let counts: [Count]
    /// Classes of the truth that no finding speaks of: perhaps they are written otherwise.
    public let strangeClasses: [String]
    /// Why the truth may be none, in sentences.
    public let doubts: [String]
    /// Scans of the manifest that no figure includes.
    public let unanalysed: [Unanalysed]

    /// Whether somebody should look before the figures are believed.
    public var needsAttention: Bool { !unanalysed.isEmpty || !strangeClasses.isEmpty || !doubts.isEmpty }

    public struct Figure: Sendable {
        public let name: String
        /// The class; nil for all, and empty where the truth does not tell classes apart.
        public let label: String?
        public let estimate: Estimate

        /// What it is, for people.
        package var words: String { ObjectReport.meanings[name] ?? name }
    }

    public struct Count: Sendable {
        public let label: String
        public let truth: Int
        public let found: Int
    }

    public struct Unanalysed: Sendable {
        public let line: Int
        public let scan: String
        public let reason: String
    }

    fileprivate static let meanings = [
        "map_50": "mAP at IoU 0.5", "map_50_95": "mAP at IoU 0.5 to 0.95", "ap_50": "AP at IoU 0.5",
        "ap_50_95": "AP at IoU 0.5 to 0.95", "f1_50": "F1 at IoU 0.5",
        "mean_precision_50_90": "TP / (TP + FP + FN), mean over IoU 0.5 to 0.9",
        "count_error": "found less true, mean of the scans", "count_lower_limit": "lower limit of agreement",
        "count_upper_limit": "upper limit of agreement",
    ]

    /// The report for people.
    public var text: String {
        var table = TextTable([
            .init("measure"), .init("class"), .init("value", isNumeric: true), .init("95 % interval"),
            .init("scans", isNumeric: true),
        ])
        for figure in figures {
            table.append([
                figure.words, figure.label ?? "all", figure.estimate.valueText,
                figure.estimate.intervalText, String(figure.estimate.support),
            ])
        }
        var sums = TextTable([.init("class"), .init("true", isNumeric: true), .init("found", isNumeric: true)])
        for count in counts { sums.append([count.label, String(count.truth), String(count.found)]) }
        let strange =
            strangeClasses.isEmpty
            ? ""
            : "No finding speaks of these classes of the truth: \(strangeClasses.joined(separator: ", ")). "
                + "Are they the pipeline's?\n"
        var sections = [
            "\(scans.counting("scan")) of \(patients.counting("patient")) evaluated; \(unanalysed.count) not evaluated.\n"
                + strange + doubts.map { "\($0).\n" }.joined()
                + "Intervals: 95 %, percentile bootstrap over patients, \(options.resamples) resamples, seed \(options.seed).\n",
            table.text, sums.text,
        ]
        if !unanalysed.isEmpty {
            var missing = TextTable([.init("line", isNumeric: true), .init("scan"), .init("reason")])
            for scan in unanalysed { missing.append([String(scan.line), scan.scan, scan.reason]) }
            sections.append("Not evaluated, and so in none of the figures:\n" + missing.text)
        }
        return sections.joined(separator: "\n")
    }

    /// The report for programs: a contract.
    public var json: JSONValue {
        .object([
            "patients": .integer(patients), "scans": .integer(scans),
            "figures": .array(
                figures.map { figure in
                    .object([
                        "measure": .text(figure.name), "class": .text(figure.label), "estimate": figure.estimate.json,
                    ])
                }),
            "counts": .array(
                counts.map {
                    .object(["class": .text($0.label), "true": .integer($0.truth), "found": .integer($0.found)])
                }),
            "classes_not_found": .texts(strangeClasses), "doubts": .texts(doubts),
            "unanalysed": .array(
                unanalysed.map {
                    .object(["line": .integer($0.line), "scan": .text($0.scan), "reason": .text($0.reason)])
                }),
            "method": .object([
                "interval": .text("95 % percentile bootstrap over patients"),
                "resamples": .integer(options.resamples), "seed": .text(String(options.seed)),
            ]),
        ])
    }
}
