import Findings
import Imaging

/// Holds the database's findings against the truth, scan by scan, and sums up.
public struct Evaluator: Sendable {
    public struct Options: Sendable, Hashable {
        public var resamples = 1000
        public var seed: UInt64 = 20_150_501
        /// Of the calibration error.
        public var bins = 15

        public init() {}
    }

    /// What the database says of a scan.
    public enum Answer: Sendable {
        /// Its current findings, with their geometry; none where it was rejected or had no tissue.
        ///
        /// - Parameter size: of the image that describes the scan, in level-0 pixels.
        case analysed([Finding], size: (width: Int, height: Int))
        /// There is no done analysis, and why, in a few words.
        case notAnalysed(reason: String)

        /// Of what the database lists for one scan: its analyses, and its findings with their geometry. Of several analyses the
        /// newest counts. A scan of several patients is listed under each: the first one's counts.
        ///
        /// - Parameter image: what the scan's reader made of it.
        public init(analyses: [AnalysisRow], findings: [FindingRow], image: Scan.Image?) {
            let done = analyses.filter { $0.failure == nil }
            let newest = done.map(\.origin.analysisID).max()
            guard let analysis = done.first(where: { $0.origin.analysisID == newest }) else {
                self = .notAnalysed(reason: analyses.first?.failure?.description ?? "not in the database")
                return
            }
            guard let image else {
                self = .notAnalysed(reason: "the database does not tell its size: analyse it again")
                return
            }
            let own = findings.filter { $0.origin.analysisID == newest && $0.patient == analysis.patient }
            self = .analysed(own.map(\.finding), size: (image.width, image.height))
        }

        /// Of the image that describes the scan, in level-0 pixels; nil where it was not analysed.
        public var size: (width: Int, height: Int)? {
            if case .analysed(_, let size) = self { size } else { nil }
        }
    }

    private var scans: [EvaluatedScan] = []
    /// In the order of the network, then as they were met.
    private var classes: [String] = []
    private var unanalysed: [UnanalysedScan] = []
    /// Classes that findings speak of.
    private var answered: Set<String> = []
    /// Of the masks and outlines.
    private var foregrounds = ForegroundDoubts()

    public init() {}

    /// Adds one scan of the manifest.
    ///
    /// - Parameter mask: what regions should cover, where that is known; not needed for a scan that was not analysed.
    /// - Throws: `EvaluationError` of kind `unusableMask` or `unusableFinding`.
    public mutating func add(
        _ truth: GroundTruth, answer: Answer, mask: TrueForeground?
    ) throws(EvaluationError) {
        switch answer {
        case .notAnalysed(let reason):
            unanalysed.append(UnanalysedScan(truth: truth, reason: reason))
        case .analysed(let findings, let size):
            scans.append(try EvaluatedScan(truth: truth, findings: findings, size: size, foreground: mask))
            if let mask { foregrounds.add(mask) }
            for finding in findings where finding.kind == .scan && !finding.probabilities.isEmpty {
                for label in finding.probabilities.map(\.label) + [finding.label] {
                    meet(label)
                    answered.insert(label)
                }
            }
            if let label = truth.label { meet(label) }
        }
    }

    private mutating func meet(_ label: String) {
        if !classes.contains(label) { classes.append(label) }
    }

    /// The figures so far, with 95 % intervals.
    public func report(_ options: Options = Options()) -> EvaluationReport {
        // Where nothing grades scans, no label is wrong.
        let graded = answered.isEmpty && scans.contains { !$0.isEmpty } ? [] : scans
        let overall = EvaluationReport.Overall.metrics(scans, graded: graded, classes: classes, bins: options.bins)
        let perClass = classes.map { EvaluationReport.ClassFigures.metrics(scans, graded: graded, ofClass: $0) }
        let bootstrap = Bootstrap(resamples: options.resamples, seed: options.seed)
        var estimates = bootstrap.estimates(of: overall + perClass.joined(), patients: scans.map(\.patient))[...]
        return EvaluationReport(
            options: options, patients: Set(scans.map(\.patient)).count, scans: scans.count,
            unlabelled: scans.count(where: \.isEmpty), unanalysed: unanalysed,
            strangeClasses: answered.isEmpty ? [] : classes.filter { !answered.contains($0) },
            outlines: foregrounds.outlines, uncountedOutlines: foregrounds.uncounted, doubts: foregrounds.sentences,
            overall: EvaluationReport.Overall(taking: &estimates),
            classes: classes.map { EvaluationReport.ClassFigures($0, taking: &estimates) },
            confusion: ConfusionMatrix(scans, classes: classes))
    }
}
