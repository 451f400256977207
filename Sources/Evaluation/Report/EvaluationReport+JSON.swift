import Listings

extension EvaluationReport {
    /// The report for programs: a contract.
    public var json: JSONValue {
        .object([
            "patients": .integer(patients),
            "scans": .integer(scans),
            "unlabelled": .integer(unlabelled),
            "unanalysed": .array(
                unanalysed.map { scan in
                    .object([
                        "line": .integer(scan.truth.line), "patient": .text(scan.truth.patient),
                        "scan": .text(scan.truth.scan), "reason": .text(scan.reason),
                    ])
                }),
            "classes_not_found": .texts(strangeClasses),
            "outlines": counts(outlines), "outlines_left_out": counts(uncountedOutlines),
            "doubts": .texts(doubts),
            "overall": .object([
                "dice": overall.dice.json,
                "object_f1": overall.objectF1.json,
                "accuracy": overall.accuracy.json,
                "balanced_accuracy": overall.balancedAccuracy.json,
                "auc": overall.areaUnderCurve.json,
                "expected_calibration_error": overall.calibrationError.json,
            ]),
            "classes": .array(
                classes.map { figures in
                    .object([
                        "class": .text(figures.label),
                        "dice": figures.dice.json,
                        "recall": figures.recall.json,
                        "precision": figures.precision.json,
                        "auc": figures.areaUnderCurve.json,
                    ])
                }),
            "confusion": .object([
                "classes": .texts(confusion.classes),
                "counts": .array(confusion.counts.map { .array($0.map { .integer($0) }) }),
                "unlabelled": .array(confusion.unlabelled.map { .integer($0) }),
            ]),
            "method": .object([
                "interval": .text("95 % percentile bootstrap over patients"),
                "resamples": .integer(options.resamples),
                "seed": .text(String(options.seed)),
                "calibration_bins": .integer(options.bins),
                "object_iou": .number(ObjectMatch.threshold),
            ]),
        ])
    }

    private func counts(_ outlines: [String: Int]) -> JSONValue {
        .object(outlines.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .integer($0.value)) })
    }
}

extension Estimate {
    var json: JSONValue {
        .object([
            "value": .number(value), "low": .number(interval?.lowerBound), "high": .number(interval?.upperBound),
            "scans": .integer(support),
        ])
    }
}
