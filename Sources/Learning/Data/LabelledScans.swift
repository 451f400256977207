import Analysis
import Evaluation
import Findings
import Imaging
import Synchronization

/// The scans that a manifest labels, to learn from and to try the learned on: checked before an hour is lost.
public struct LabelledScans: Sendable {
    public let learned: [LabelledScan]
    public let tried: [LabelledScan]
    /// The manifest's lines of those that are tried.
    public let trials: [GroundTruth]

    /// - Parameters:
    ///   - truths: the manifest.
    ///   - path: of a file that it names.
    /// - Throws: ``LearningError`` of kind `labels`, or the first failure to read a scan or a mask.
    public init(
        _ truths: [GroundTruth], task: LearningTask, stage: Int, analyser: ScanAnalyser, threads: Int,
        path: @Sendable (String) -> String
    ) throws {
        let parts = try Self.parts(truths, task)
        trials = parts.tried
        let all = parts.learned + parts.tried
        var scans: [LabelledScan] = []
        try OrderedTileMap(tileCount: all.count, threadCount: threads).run(
            makeWorker: { () throws(LearningError) in () },
            compute: { (_, index) throws(LearningError) in
                do {
                    return try Self.labelled(all[index], task, stage, analyser, path)
                } catch let error as LearningError {
                    throw error
                } catch {
                    throw LearningError(.labels, "line \(all[index].line) of the manifest: \(error)")
                }
            },
            consume: { (_, scan) throws(LearningError) in scans.append(scan) })
        learned = Array(scans.prefix(parts.learned.count))
        tried = Array(scans.dropFirst(parts.learned.count))
        let known = Dictionary(learned.map { ($0.hash, $0.truth.line) }) { first, _ in first }
        for scan in tried {
            if let line = known[scan.hash] {
                throw LearningError(
                    .labels,
                    "lines \(line) and \(scan.truth.line) of the manifest name the same scan, in train and in val")
            }
        }
        if task.kind == .segmentation { try Self.requireForeground(learned, "train") }
        if task.kind == .segmentation { try Self.requireForeground(tried, "val") }
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

    private static func parts(
        _ truths: [GroundTruth], _ task: LearningTask
    ) throws(LearningError) -> (learned: [GroundTruth], tried: [GroundTruth]) {
        let (learned, tried) = (truths.filter { $0.split == "train" }, truths.filter { $0.split == "val" })
        guard !learned.isEmpty, !tried.isEmpty else {
            throw LearningError(
                .labels,
                "the manifest's column split must say train for some scans and val for others, of other patients")
        }
        let lines = Dictionary(learned.map { ($0.patient, $0.line) }) { first, _ in first }
        for truth in tried {
            if let line = lines[truth.patient] {
                throw LearningError(
                    .labels,
                    "one patient is in train (line \(line)) and in val (line \(truth.line)): the figures would lie")
            }
        }
        guard lines.count > 1 else {
            throw LearningError(
                .labels, "all scans to train on are of one patient: what is learned would be that patient")
        }
        for truth in learned + tried {
            switch task.kind {
            case .segmentation where truth.mask == nil:
                throw LearningError(.labels, "line \(truth.line) of the manifest has no mask")
            case .classification:
                guard let label = truth.label else {
                    throw LearningError(.labels, "line \(truth.line) of the manifest has no class")
                }
                guard task.classes.contains(label) else {
                    throw LearningError(
                        .labels,
                        "the class in line \(truth.line) of the manifest is none of the card's: "
                            + task.classes.joined(separator: ", "))
                }
            default: break
            }
        }
        if task.kind == .classification {
            let missing = task.classes.filter { name in !learned.contains { $0.label == name } }
            guard missing.isEmpty else {
                throw LearningError(.labels, "no scan to train on is of the class \(missing.joined(separator: ", "))")
            }
        }
        return (learned, tried)
    }

    private static func labelled(
        _ truth: GroundTruth, _ task: LearningTask, _ stage: Int, _ analyser: ScanAnalyser, _ path: (String) -> String
    ) throws -> LabelledScan {
        let file = path(truth.scan)
        let scan = try OpenedScan(path: file)
        let hash = try scan.hash()
        let picture = try analyser.picture(of: scan, forStage: stage)
        let label: LabelledScan.Label
        if task.kind == .segmentation, let mask = truth.mask {
            let image = try MaskImage(truthAt: path(mask), line: truth.line)
            guard image.width == picture.fullWidth, image.height == picture.fullHeight else {
                throw LearningError(
                    .labels,
                    "the mask in line \(truth.line) of the manifest is \(image.width) x \(image.height), its scan "
                        + "\(picture.fullWidth) x \(picture.fullHeight)")
            }
            label = .foreground(image.foreground)
        } else {
            label = .grade(truth.label.flatMap { task.classes.firstIndex(of: $0) } ?? 0)
        }
        return LabelledScan(truth: truth, path: file, picture: picture, hash: hash, label: label)
    }

    private static func requireForeground(_ scans: [LabelledScan], _ split: String) throws(LearningError) {
        let isTouched = scans.contains {
            if case .foreground(let foreground) = $0.label { !foreground.runs.isEmpty } else { false }
        }
        guard isTouched else { throw LearningError(.labels, "no mask of the split \(split) marks a pixel") }
    }
}
