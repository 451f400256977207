/// How far the database's findings are true.
public struct EvaluationReport: Sendable, Hashable {
    public let options: Evaluator.Options
    /// Whose scans were evaluated.
    public let patients: Int
    /// Evaluated scans.
    public let scans: Int
    /// Those among them whose analysis gave neither label nor region: without tissue, rejected, or with nothing found. Each
    /// counts as a wrong label and as an empty mask.
    public let unlabelled: Int
    /// Scans of the manifest that no figure includes.
    public let unanalysed: [UnanalysedScan]
    /// Classes of the manifest that no finding speaks of: what is said to be one counts as a wrong label, which it may be by a
    /// name that is written otherwise.
    public let strangeClasses: [String]
    /// How many outlines of each class the truth was drawn of.
    public let outlines: [String: Int]
    /// How many of each class were left out, where some were asked for.
    public let uncountedOutlines: [String: Int]
    /// Why the truth may be none, in sentences.
    public let doubts: [String]
    public let overall: Overall
    /// In the order of the network's classes.
    public let classes: [ClassFigures]
    public let confusion: ConfusionMatrix

    /// Whether somebody should look before the figures are believed.
    public var needsAttention: Bool { !unanalysed.isEmpty || !strangeClasses.isEmpty || !doubts.isEmpty }

    public struct Overall: Sendable, Hashable {
        /// Mean of the images' Dice.
        public let dice: Estimate
        /// Of objects at an intersection over union of 0.5.
        public let objectF1: Estimate
        public let accuracy: Estimate
        public let balancedAccuracy: Estimate
        /// Mean of the classes' areas under the curve.
        public let areaUnderCurve: Estimate
        public let calibrationError: Estimate

        /// In the order of the initialiser.
        static func metrics(
            _ scans: [EvaluatedScan], graded: [EvaluatedScan], classes: [String], bins: Int
        ) -> [Metric] {
            [
                .dice(scans), .objectF1(scans), .accuracy(graded), .balancedAccuracy(graded, classes: classes),
                .macroAreaUnderCurve(graded, classes: classes), .calibrationError(graded, bins: bins),
            ]
        }

        init(taking estimates: inout ArraySlice<Estimate>) {
            dice = estimates.removeFirst()
            objectF1 = estimates.removeFirst()
            accuracy = estimates.removeFirst()
            balancedAccuracy = estimates.removeFirst()
            areaUnderCurve = estimates.removeFirst()
            calibrationError = estimates.removeFirst()
        }
    }

    public struct ClassFigures: Sendable, Hashable {
        public let label: String
        /// Mean of the Dice of the images of this class.
        public let dice: Estimate
        public let recall: Estimate
        public let precision: Estimate
        /// Of this class against the rest.
        public let areaUnderCurve: Estimate

        /// In the order of the initialiser.
        static func metrics(
            _ scans: [EvaluatedScan], graded: [EvaluatedScan], ofClass label: String
        ) -> [Metric] {
            [
                .dice(scans, ofClass: label), .recall(graded, ofClass: label), .precision(graded, ofClass: label),
                .areaUnderCurve(graded, ofClass: label),
            ]
        }

        init(_ label: String, taking estimates: inout ArraySlice<Estimate>) {
            self.label = label
            dice = estimates.removeFirst()
            recall = estimates.removeFirst()
            precision = estimates.removeFirst()
            areaUnderCurve = estimates.removeFirst()
        }
    }
}

/// A scan of the manifest without a done analysis.
public struct UnanalysedScan: Sendable, Hashable {
    public let truth: GroundTruth
    public let reason: String
}

/// How often each class was labelled with each.
public struct ConfusionMatrix: Sendable, Hashable {
    public let classes: [String]
    /// `[true class, label]`, both in the order of the classes.
    public let counts: [[Int]]
    /// Per true class, scans without a label.
    public let unlabelled: [Int]

    init(_ scans: [EvaluatedScan], classes: [String]) {
        self.classes = classes
        counts = classes.map { truth in
            classes.map { label in scans.count { $0.truth == truth && $0.prediction?.label == label } }
        }
        unlabelled = classes.map { truth in scans.count { $0.truth == truth && $0.prediction == nil } }
    }
}
