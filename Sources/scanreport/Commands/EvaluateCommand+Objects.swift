import Analysis
import Evaluation
import FindingStore
import Findings
import FoundationEssentials

extension EvaluateCommand {
    func evaluateObjects() throws {
        let all = try ObjectManifestRow.read(Self.bytes(of: manifest)).filter { split == nil || $0.split == split }
        let rows = all.filter { !$0.isUntold }
        if let notice = UntoldLines(all.filter(\.isUntold).map(\.line)).notice(of: "objects") {
            StandardError.write("\(notice)\n")
        }
        if rows.isEmpty { throw CommandFailure(.unusable, "the manifest has no row to evaluate") }
        let boxes = try objects.map { try ObjectTruth.boxes(Self.bytes(of: $0)) }
        let store = try FindingStore.openForReading(at: database.path)
        var evaluator = ObjectEvaluator()
        try store.snapshot {
            for row in rows {
                let answer = try answer(for: row, from: store)
                let truth = try boxes.map { $0[row.scan] ?? ObjectTruth.nothing } ?? labelled(row, answer)
                try evaluator.add(row, truth: truth, answer: answer)
            }
        }
        let report = evaluator.report()
        try StandardOutput.write(
            format == .json ? report.json.indented + "\n" : report.text, needsAttention: !report.unanalysed.isEmpty)
    }

    private func answer(for row: ObjectManifestRow, from store: FindingStore) throws -> Evaluator.Answer {
        let sha256: ContentHash
        do {
            sha256 = try OpenedScan(path: path(row.scan)).hash()
        } catch {
            return .notAnalysed(reason: error.message)
        }
        let filter = FindingFilter(scan: sha256.hexadecimal, pipeline: pipeline)
        return try Evaluator.Answer(
            analyses: store.analyses(filter), findings: store.findings(filter, includingGeometry: true))
    }

    /// A scan that was not analysed needs no truth.
    private func labelled(_ row: ObjectManifestRow, _ answer: Evaluator.Answer) throws -> ObjectTruth {
        guard case .analysed = answer else { return .nothing }
        guard let file = row.labels.map(path) ?? row.labelImage(in: labels ?? ".") else {
            throw CommandFailure(
                .missing, "the scan in line \(row.line) of the manifest has no label image in \(labels ?? ".")")
        }
        let truth = try ObjectTruth(labelsAt: file, line: row.line)
        if let scan = answer.size { try truth.require(size: scan, line: row.line) }
        return truth
    }
}
