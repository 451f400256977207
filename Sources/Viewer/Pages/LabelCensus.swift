import FindingStore
import Listings
import Synchronization

/// How many current findings have which label.
///
/// An analysis never changes: the findings of one that was counted are not read again, so that a page of a million findings
/// reads those that came since the last one.
final class LabelCensus: Sendable {
    private struct Entry {
        let endedAt: Timestamp
        let counts: [String: Int]
    }

    private let known = Mutex<[Int64: Entry]>([:])

    /// - Returns: the most frequent first.
    func labels(in store: FindingStore) throws -> [(label: String, count: Int)] {
        let analyses = try store.analysesWithFindings()
        var known = self.known.withLock { $0 }.filter { analyses[$0.key] == $0.value.endedAt }
        if let first = analyses.keys.filter({ known[$0] == nil }).min() {
            let counts = try store.labelCounts(fromAnalysis: first)
            for (analysis, endedAt) in analyses where known[analysis] == nil {
                known[analysis] = Entry(endedAt: endedAt, counts: counts[analysis] ?? [:])
            }
        }
        self.known.withLock { $0 = known }
        var sums: [String: Int] = [:]
        for entry in known.values { sums.merge(entry.counts) { $0 + $1 } }
        return sums.map { (label: $0.key, count: $0.value) }.sorted { ($1.count, $0.label) < ($0.count, $1.label) }
    }
}
