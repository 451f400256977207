import Evaluation
import Foundation

/// The tables of boxes that a manifest names, each read once.
struct BoxTables: Sendable {
    /// By path, then by the scan as it is written there.
    private var tables: [String: [String: ObjectTruth]] = [:]
    /// The same by the scan's own path.
    private var places: [String: [String: ObjectTruth]] = [:]

    /// - Parameter path: of a file that the manifest names.
    /// - Throws: ``LearningError`` of kind `labels`.
    init(of truths: [GroundTruth], path: (String) -> String) throws(LearningError) {
        for name in Set(truths.compactMap(\.objects?.boxes)) {
            let file = URL(filePath: path(name))
            guard let bytes = try? Data(contentsOf: file) else {
                throw LearningError(.labels, "a table of boxes that the manifest names cannot be read")
            }
            do throws(EvaluationError) {
                let table = try ObjectTruth.boxes(Array(bytes))
                tables[name] = table
                places[name] = Dictionary(
                    table.map { (URL(filePath: $0.key, relativeTo: file).standardizedFileURL.path, $0.value) }
                ) { first, _ in first }
            } catch { throw LearningError(.labels, error.message) }
        }
    }

    /// The boxes of a scan; none where its table has no line of it.
    ///
    /// - Parameters:
    ///   - scan: as the manifest writes it.
    ///   - path: of its file.
    func boxes(of scan: String, at path: String, in name: String) -> ObjectTruth {
        tables[name]?[scan] ?? places[name]?[URL(filePath: path).standardizedFileURL.path] ?? .nothing
    }
}
