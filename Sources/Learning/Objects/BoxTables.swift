import Evaluation
import Foundation

/// The tables of boxes that a manifest names, each read once.
struct BoxTables: Sendable {
    /// By path.
    private var tables: [String: ObjectTableMatch] = [:]
    /// What a person should know of them, in sentences.
    private(set) var notices: [String] = []

    /// - Parameters:
    ///   - truths: the whole manifest.
    ///   - path: of a file that the manifest names.
    /// - Throws: ``LearningError`` of kind `labels`, also where scans of the manifest are not in their table, but others are: they may
    ///   be the same, written otherwise.
    init(of truths: [GroundTruth], path: (String) -> String) throws(LearningError) {
        for name in Set(truths.compactMap(\.objects?.boxes)).sorted() {
            let file = path(name)
            guard let bytes = try? Data(contentsOf: URL(filePath: file)) else {
                throw LearningError(.labels, "a table of boxes that the manifest names cannot be read")
            }
            let match: ObjectTableMatch
            do throws(EvaluationError) {
                let table = try ObjectTable(Array(bytes))
                if table.repeated > 0 { notices.append(table.repetition) }
                match = try ObjectTableMatch(table, to: truths.map(\.scan), path: path, tablePath: file)
            } catch { throw LearningError(.labels, error.message) }
            if let sentence = match.sentence {
                let missing = truths.count { $0.objects?.boxes == name && match.truth(of: $0.scan) == nil }
                guard missing == 0 else {
                    throw LearningError(
                        .labels, "\(sentence) \(missing.counting("scan")) of the manifest would have no object")
                }
                notices.append(sentence)
            }
            tables[name] = match
        }
    }

    /// The boxes of a scan; none where its table has no line of it, which the manifest names for it.
    ///
    /// - Parameter scan: as the manifest writes it.
    func boxes(of scan: String, in name: String) -> ObjectTruth { tables[name]?.truth(of: scan) ?? .nothing }
}
