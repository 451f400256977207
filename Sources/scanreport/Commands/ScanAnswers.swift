import Analysis
import Evaluation
import FindingStore
import Findings

/// What the database says of the scans of a manifest, each once.
struct ScanAnswers {
    let store: FindingStore
    /// Whose findings count; nil where all scans were analysed by one.
    let pipeline: String?
    let path: (String) -> String
    private var lines: [ContentHash: Int] = [:]
    private var pipelines: Set<String> = []

    init(_ store: FindingStore, pipeline: String?, path: @escaping (String) -> String) {
        (self.store, self.pipeline, self.path) = (store, pipeline, path)
    }

    /// - Throws: also where findings of several pipelines would count together.
    mutating func answer(to scan: String, line: Int) throws -> Evaluator.Answer {
        let sha256: ContentHash
        do {
            sha256 = try OpenedScan(path: path(scan)).hash()
        } catch {
            return .notAnalysed(reason: error.message)
        }
        if let first = lines[sha256] {
            return .notAnalysed(reason: "the same scan as in line \(first), where it counts")
        }
        lines[sha256] = line
        let filter = FindingFilter(scan: sha256.hexadecimal, pipeline: pipeline)
        let analyses = try store.analyses(filter)
        pipelines.formUnion(analyses.filter { $0.failure == nil }.map(\.origin.pipeline))
        guard pipelines.count <= 1 else {
            throw CommandFailure(
                .wrongUsage,
                "the scans were analysed by several pipelines (\(pipelines.sorted().joined(separator: ", "))): choose one by "
                    + "--pipeline")
        }
        return try Evaluator.Answer(
            analyses: analyses, findings: store.findings(filter, includingGeometry: true),
            image: store.image(of: sha256))
    }
}
