import Analysis
import Evaluation
import Findings

/// Reads a scan that a line of the manifest names, and what is true of it.
struct LabelReader: Sendable {
    let task: LearningTask
    let stage: Int
    let analyser: ScanAnalyser
    let outlines: CountedOutlines
    let tables: BoxTables
    let path: @Sendable (String) -> String

    /// - Returns: nil where the label says nothing of what is learned.
    func read(_ truth: GroundTruth) throws(LearningError) -> LabelledScan? {
        let file = path(truth.scan)
        do {
            let scan = try OpenedScan(path: file)
            let hash = try scan.hash()
            let picture = try analyser.picture(of: scan, forStage: stage)
            guard let label = try label(of: truth, picture) else { return nil }
            return LabelledScan(truth: truth, path: file, picture: picture, hash: hash, label: label)
        } catch let error as LearningError {
            throw error
        } catch let error as EvaluationError {
            // Which names the line.
            throw LearningError(.labels, error.message)
        } catch {
            throw LearningError(.labels, "line \(truth.line) of the manifest: \(error)")
        }
    }

    private func label(of truth: GroundTruth, _ picture: StagePicture) throws -> LabelledScan.Label? {
        let size = (width: picture.fullWidth, height: picture.fullHeight)
        switch task.kind {
        case .segmentation:
            guard let foreground = try truth.foreground(in: size, counting: outlines, path: path) else { return nil }
            guard foreground.width == size.width, foreground.height == size.height else {
                throw LearningError(
                    .labels,
                    "the mask in line \(truth.line) of the manifest is \(foreground.width) x \(foreground.height), its scan "
                        + "\(picture.fullWidth) x \(picture.fullHeight)")
            }
            if let factor = foreground.drawn.flatMap(picture.factorToTissue) {
                throw LearningError(
                    .labels,
                    "the outlines in line \(truth.line) of the manifest lie beside the tissue, and on it if they are \(factor) times "
                        + "as large: they were drawn on a lower resolution; write them in pixels of the full one")
            }
            return .foreground(foreground)
        case .classification:
            return truth.label.flatMap { task.labels.firstIndex(of: $0) }.map { .grade($0) }
        case .detection:
            let reader = ObjectReader(task: task, outlines: outlines, tables: tables, path: path)
            return try reader.objects(of: truth, in: size).map { .objects($0) }
        }
    }
}
