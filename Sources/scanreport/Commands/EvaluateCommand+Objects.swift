import Evaluation
import FindingStore

extension EvaluateCommand {
    func evaluateObjects() throws {
        let all = try ObjectManifestRow.read(Self.bytes(of: manifest))
        let asked = all.filter { split == nil || $0.split == split }
        let rows = asked.filter { !$0.isUntold }
        if let notice = UntoldLines(asked.filter(\.isUntold).map(\.line)).notice(of: "objects") {
            StandardError.write("\(notice)\n")
        }
        if rows.isEmpty { throw CommandFailure(.unusable, "the manifest has no row to evaluate") }
        let table = try objects.map { try Self.boxes($0, of: all, beside: manifest) }
        let store = try FindingStore.openForReading(at: database.path)
        var answers = ScanAnswers(store, pipeline: pipeline, path: path)
        var evaluator = ObjectEvaluator()
        try store.snapshot {
            for row in rows {
                let answer = try answers.answer(to: row.scan, line: row.line)
                let truth = try table.map { Self.truth(of: row, in: $0.match) } ?? labelled(row, answer)
                try evaluator.add(row, truth: truth, answer: answer)
            }
        }
        let report = evaluator.report()
        for notice in table?.notices ?? [] { StandardError.write("\(notice)\n") }
        try StandardOutput.write(
            format == .json ? report.json.indented + "\n" : report.text,
            needsAttention: report.needsAttention || table?.match.unmatched.isEmpty == false)
    }

    /// A table of boxes, with what to tell of it.
    static func boxes(
        _ file: String, of rows: [ObjectManifestRow], beside manifest: String
    ) throws -> (match: ObjectTableMatch, notices: [String]) {
        let table = try ObjectTable(bytes(of: file))
        let match = try ObjectTableMatch(
            table, to: rows.map(\.scan), path: { path($0, beside: manifest) }, tablePath: file)
        return (match, (table.repeated > 0 ? [table.repetition] : []) + [match.sentence].compactMap(\.self))
    }

    /// What the manifest's own column names a table for has no object where that has no line of it.
    private static func truth(of row: ObjectManifestRow, in table: ObjectTableMatch) -> ObjectTruth? {
        table.truth(of: row.scan) ?? (row.boxes == nil ? nil : .nothing)
    }

    /// A scan that was not analysed needs no truth.
    private func labelled(_ row: ObjectManifestRow, _ answer: Evaluator.Answer) throws -> ObjectTruth {
        guard case .analysed = answer else { return .nothing }
        guard let file = row.labels.map(path) ?? row.labelImage(in: labels ?? ".") else {
            throw CommandFailure(
                .missing, "the scan in line \(row.line) of the manifest has no label image in \(labels ?? ".")")
        }
        return try ObjectTruth(labelsAt: file, line: row.line)
    }
}
