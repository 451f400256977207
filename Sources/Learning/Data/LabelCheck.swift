import Evaluation
import Findings
import Listings

/// What labels must be for what is learned of them to mean something, by the manifest alone.
struct LabelCheck {
    static let splits = ["train", "val"]

    private let learned: [GroundTruth]
    private let tried: [GroundTruth]
    private let task: LearningTask
    /// Splits that are neither.
    private let others: Set<String>

    /// - Parameter truths: those that say what the task learns.
    init(_ truths: [GroundTruth], _ task: LearningTask) {
        others = Set(truths.compactMap(\.split)).subtracting(Self.splits)
        learned = truths.filter { $0.split == "train" }
        tried = truths.filter { $0.split == "val" }
        self.task = task
    }

    /// - Throws: ``LearningError`` of kind `labels`.
    func check() throws(LearningError) {
        guard !learned.isEmpty, !tried.isEmpty else {
            let what =
                switch task.kind {
                case .segmentation: "a mask or outlines"
                case .classification: "a class"
                case .detection: "labels, outlines or boxes"
                }
            throw LearningError(
                .labels,
                "the manifest must have labelled scans (with \(what)) whose split says train, and others, of other patients, "
                    + "whose split says val: there are \(learned.count) and \(tried.count)"
                    + (others.isEmpty
                        ? "" : "; some say \(others.sorted().prefix(4).map(\.printable).joined(separator: ", "))")
                    + "; without a column split one is drawn")
        }
        let lines = Dictionary(learned.map { (Patient.likeness(ofID: $0.patient), $0.line) }) { first, _ in first }
        for truth in tried {
            if let line = lines[Patient.likeness(ofID: truth.patient)] {
                throw LearningError(
                    .labels,
                    "one patient is in train (line \(line)) and in val (line \(truth.line)): the figures would lie (ids that "
                        + "differ in case, space, dashes or leading zeros alone are taken for one)")
            }
        }
        guard lines.count > 1 else {
            throw LearningError(
                .labels, "all scans to train on are of one patient: what is learned would be that patient")
        }
        if task.kind == .classification { try checkClasses() }
    }

    private func checkClasses() throws(LearningError) {
        for truth in learned + tried where !task.labels.contains(truth.label ?? "") {
            throw LearningError(
                .labels,
                "the class in line \(truth.line) of the manifest is none of the card's: "
                    + task.labels.joined(separator: ", "))
        }
        let missing = task.labels.filter { name in !learned.contains { $0.label == name } }
        guard missing.isEmpty else {
            throw LearningError(.labels, "no scan to train on is of the class \(missing.joined(separator: ", "))")
        }
    }
}
