import Analysis
import Evaluation
import Findings
import Listings

/// The scans that a manifest labels, to learn from and to try the learned on: checked before an hour is lost.
public struct LabelledScans: Sendable {
    public let learned: [LabelledScan]
    public let tried: [LabelledScan]
    /// What a person should know of the labels, in sentences.
    public let notices: [String]

    /// - Parameters:
    ///   - truths: the manifest, with the splits `train` and `val`; other lines are left out.
    ///   - outlines: which of them are of the structure.
    ///   - path: of a file that the manifest names.
    /// - Throws: ``LearningError`` of kind `labels`.
    public init(
        _ truths: [GroundTruth], task: LearningTask, stage: Int, analyser: ScanAnalyser, outlines: CountedOutlines,
        threads: Int, path: @escaping @Sendable (String) -> String
    ) throws(LearningError) {
        let labelled = truths.filter(task.isLabelled)
        try LabelCheck(labelled, task).check()
        let wanted = labelled.filter { LabelCheck.splits.contains($0.split ?? "") }
        let tables = try BoxTables(of: truths, path: path)
        let reader = LabelReader(
            task: task, stage: stage, analyser: analyser, outlines: outlines, tables: tables, path: path)
        var scans: [LabelledScan] = []
        try OrderedTileMap(tileCount: wanted.count, threadCount: threads).run(
            makeWorker: { () throws(LearningError) in () },
            compute: { (_, index) throws(LearningError) in try reader.read(wanted[index]) },
            consume: { (_, scan) throws(LearningError) in scans += [scan].compactMap(\.self) })
        try LabelCheck(scans.map(\.truth), task).check()
        learned = scans.filter { $0.truth.split == "train" }
        tried = scans.filter { $0.truth.split == "val" }
        try Self.refuseSharedScans(learned, tried)
        if task.kind == .segmentation {
            if let doubt = Self.doubts(learned + tried).sentences.first { throw LearningError(.labels, doubt) }
            try Self.requireForeground(learned, "train")
            try Self.requireForeground(tried, "val")
        }
        if task.kind == .detection { try ObjectLabelCheck(learned, tried, task).check() }
        let read = Set(scans.map(\.truth.line))
        let untold = truths.filter { !task.isLabelled($0) } + wanted.filter { !read.contains($0.line) }
        notices =
            tables.notices
            + Self.notices(
                task, learned, tried, untold: UntoldLines(untold.map(\.line)),
                splits: labelled.map(\.split))
    }

    /// How many there are.
    public var patients: (learned: Int, tried: Int) {
        (Set(learned.map(\.truth.patient)).count, Set(tried.map(\.truth.patient)).count)
    }

    /// How many of the scans to learn from are of each class.
    func counts(_ task: LearningTask) -> [Int] {
        task.classes.indices.map { index in
            learned.count { if case .grade(index) = $0.label { true } else { false } }
        }
    }

    private static func refuseSharedScans(
        _ learned: [LabelledScan], _ tried: [LabelledScan]
    ) throws(LearningError) {
        let known = Dictionary(learned.map { ($0.hash, $0.truth.line) }) { first, _ in first }
        for scan in tried {
            if let line = known[scan.hash] {
                throw LearningError(
                    .labels,
                    "lines \(line) and \(scan.truth.line) of the manifest name the same scan, in train and in val")
            }
        }
    }

    private static func requireForeground(_ scans: [LabelledScan], _ split: String) throws(LearningError) {
        guard scans.contains(where: { $0.foreground?.pixels.runs.isEmpty == false }) else {
            throw LearningError(.labels, "no mask of the split \(split) marks a pixel")
        }
    }

    /// Below this share of a scan labels are likely to be of a part of it.
    private static let sparsest = 0.01

    private static func doubts(_ scans: [LabelledScan]) -> ForegroundDoubts {
        var doubts = ForegroundDoubts()
        for foreground in scans.compactMap(\.foreground) { doubts.add(foreground) }
        return doubts
    }

    private static func notices(
        _ task: LearningTask, _ learned: [LabelledScan], _ tried: [LabelledScan], untold: UntoldLines, splits: [String?]
    ) -> [String] {
        var notices: [String] = []
        let what =
            switch task.kind {
            case .segmentation: "the structure"
            case .classification: "a class"
            case .detection: "objects"
            }
        if let notice = untold.notice(of: what) { notices.append(notice) }
        let others = Dictionary(
            splits.filter { !LabelCheck.splits.contains($0 ?? "") }.map { ($0, 1) }, uniquingKeysWith: +)
        for (split, count) in others.sorted(by: { ($0.key ?? "") < ($1.key ?? "") }) {
            let name = split.map { "the split \($0.printable)" } ?? "no split"
            notices.append("\(count.counting("labelled scan")) of \(name): left out")
        }
        if task.kind == .detection { notices += ObjectLabelCheck(learned, tried, task).notices }
        let foregrounds = (learned + tried).compactMap(\.foreground)
        let empty = foregrounds.count { $0.pixels.runs.isEmpty }
        if empty > 0 { notices.append("the labels of \(empty) of \(foregrounds.count.counting("scan")) mark nothing") }
        let sparse = foregrounds.count { $0.known == nil && !$0.pixels.runs.isEmpty && $0.share < sparsest }
        if sparse > 0 {
            notices.append(
                "of \(sparse) of \(foregrounds.count.counting("scan")) less than a hundredth is marked: all else is learned as none of "
                    + "the structure; outline as Region* where all is marked if that is not so")
        }
        let doubts = doubts(learned + tried)
        if !doubts.outlines.isEmpty { notices.append("outlines that count: \(doubts.outlines.counted)") }
        if !doubts.uncounted.isEmpty { notices.append("outlines left out: \(doubts.uncounted.counted)") }
        if task.kind == .classification {
            let unseen = task.labels.filter { name in !tried.contains { $0.truth.label == name } }
            if !unseen.isEmpty {
                let names = unseen.joined(separator: ", ")
                notices.append("no scan to try on is of the class \(names): the figures say nothing of it")
            }
        }
        let patients = Set(tried.map(\.truth.patient)).count
        if patients < 3 {
            notices.append(
                "the scans to try on are of \(patients.counting("patient")): their figures say little of others")
        }
        return notices
    }
}
