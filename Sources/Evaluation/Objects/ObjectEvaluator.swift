import Findings

/// Holds the objects in the database against the truth, scan by scan, and sums up.
public struct ObjectEvaluator: Sendable {
    private var scans: [EvaluatedObjects] = []
    private var unanalysed: [(line: Int, scan: String, reason: String)] = []
    /// Classes of the truth, and those that findings speak of.
    private var (told, answered): (Set<String>, Set<String>) = ([], [])
    /// Scans whose objects are told, and those whose all lie in the upper left quarter.
    private var (drawn, inQuarter) = (0, 0)

    public init() {}

    /// Adds one scan of the manifest.
    ///
    /// - Parameter truth: nil where nothing tells its objects.
    /// - Throws: `EvaluationError` of kind `unusableMask` for a truth that is not of the scan, and `unusableFinding`.
    public mutating func add(
        _ row: ObjectManifestRow, truth: ObjectTruth?, answer: Evaluator.Answer
    ) throws(EvaluationError) {
        switch answer {
        case .notAnalysed(let reason): unanalysed.append((row.line, row.scan, reason))
        case .analysed(let findings, let size):
            guard let truth else {
                unanalysed.append(
                    (
                        row.line, row.scan,
                        "the table of objects does not name it: a line with the scan alone says that it has none"
                    ))
                return
            }
            try truth.require(size: size, line: row.line)
            if !truth.items.isEmpty { drawn += 1 }
            if truth.liesInUpperLeftQuarter(of: size) { inQuarter += 1 }
            scans.append(try EvaluatedObjects(row, truth: truth, findings: findings))
            if truth.tellsClasses { told.formUnion(truth.items.compactMap(\.label) + row.unboxed) }
            answered.formUnion(findings.flatMap(Self.classes))
        }
    }

    /// Those that a finding speaks of: an object's own, and all that objects were counted of.
    private static func classes(_ finding: Finding) -> [String] {
        switch finding.kind {
        case .object: [finding.label]
        case .scan: finding.measurements.keys.filter { $0.hasPrefix("count ") }.map { String($0.dropFirst(6)) }
        default: []
        }
    }

    /// The figures so far, with 95 % intervals.
    public func report(_ options: Evaluator.Options = Evaluator.Options()) -> ObjectReport {
        let labels = Set(scans.flatMap(\.classes.keys)).sorted()
        let thresholds = EvaluatedObjects.thresholds.indices
        var rows: [(name: String, label: String?, metric: Metric)] = []
        let known = labels.filter { label in scans.contains { ($0.classes[label]?.truthCount ?? 0) > 0 } }
        let precisions = known.map { label in
            thresholds.map { Metric.averagePrecision(scans, of: label, threshold: $0) }
        }
        func support(_ metrics: [Metric]) -> Int { metrics.map(\.support).max() ?? 0 }
        rows.append(("map_50", nil, .mean(of: precisions.map { $0[0] }, support: support(precisions.map { $0[0] }))))
        rows.append(
            ("map_50_95", nil, .mean(of: Array(precisions.joined()), support: support(Array(precisions.joined())))))
        func pooled(_ labels: [String], _ label: String?) {
            rows.append(("f1_50", label, .objects(scans, of: labels, threshold: 0, asPrecision: false)))
            let upToNinety = thresholds.dropLast().map {
                Metric.objects(scans, of: labels, threshold: $0, asPrecision: true)
            }
            rows.append(
                ("mean_precision_50_90", label, .mean(of: Array(upToNinety), support: support(Array(upToNinety)))))
        }
        pooled(labels, nil)
        for (label, own) in zip(known, precisions) {
            rows.append(("ap_50", label, own[0]))
            rows.append(("ap_50_95", label, .mean(of: own, support: support(own))))
        }
        for label in labels {
            if labels.count > 1 { pooled([label], label) }
            rows.append(("count_error", label, .count(scans, of: label, .meanError)))
            rows.append(("count_lower_limit", label, .count(scans, of: label, .lowerLimit)))
            rows.append(("count_upper_limit", label, .count(scans, of: label, .upperLimit)))
        }
        let estimates = Bootstrap(resamples: options.resamples, seed: options.seed).estimates(
            of: rows.map(\.metric), patients: scans.map(\.patient))
        return ObjectReport(
            options: options, scans: scans.count, patients: Set(scans.map(\.patient)).count,
            figures: zip(rows, estimates).map { ObjectReport.Figure(name: $0.name, label: $0.label, estimate: $1) },
            counts: labels.map { label in
                let own = scans.compactMap { $0.classes[label] }
                return ObjectReport.Count(
                    label: label, truth: own.reduce(0) { $0 + $1.truthCount },
                    found: own.reduce(0) { $0 + $1.likelyCount })
            },
            strangeClasses: answered.isEmpty ? [] : told.subtracting(answered).sorted(),
            doubts: drawn >= ForegroundDoubts.leastOutlined && drawn == inQuarter
                ? [
                    "all objects of \(drawn.counting("scan")) lie in the upper left quarter: write them in pixels of the full resolution"
                ] : [],
            unanalysed: unanalysed.map { ObjectReport.Unanalysed(line: $0.line, scan: $0.scan, reason: $0.reason) })
    }
}
