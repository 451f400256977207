import Findings
import GRDB
import Listings

extension FindingStore {
    /// What counts of all that was said of each finding that was reviewed; nil where there is no file of reviews.
    ///
    /// An analysis that was made again, by another spacing of the manifest or within other outlines, gives other findings
    /// the ids of those before it: what was said earlier than it ended is not of them.
    public func reviews() throws(StoreError) -> [FindingID: Review]? {
        guard let said = try ReviewFile.ifPresent(besides: path)?.all() else { return nil }
        let current = try read { db in
            let statement = try db.makeStatement(
                sql: """
                    SELECT a.finished_at FROM findings f JOIN analyses a ON a.id = f.analysis_id WHERE f.finding_id = ?
                    """)
            return try said.filter { id, review in
                let end = try String.fetchOne(statement, arguments: [id.hexadecimal])
                return end.map { $0 <= review.at.description } ?? false
            }
        }
        return ReviewFile.standing(current)
    }

    /// Of these findings, those that the database holds, with their exact pixels, and when their analysis ended.
    func reviewable(
        _ ids: some Sequence<FindingID>
    ) throws(StoreError) -> [FindingID: (finding: Finding, analysedAt: Timestamp)] {
        try read { db in
            let statement = try db.makeStatement(
                sql: """
                    SELECT f.*, a.finished_at FROM findings f JOIN analyses a ON a.id = f.analysis_id
                    WHERE f.finding_id = ?
                    """)
            var found: [FindingID: (finding: Finding, analysedAt: Timestamp)] = [:]
            for id in ids {
                guard let row = try Row.fetchOne(statement, arguments: [id.hexadecimal]) else { continue }
                found[id] = (try Finding(row), try row.moment("finished_at"))
            }
            return found
        }
    }

    /// Erases what was said of findings that go with their patient, and of those that no analysis has any more.
    ///
    /// - Parameter findings: those that go.
    /// - Returns: how many reviews went.
    func eraseReviews(of findings: Set<FindingID>) throws(StoreError) -> Int {
        guard let reviews = try ReviewFile.ifPresent(besides: path)?.all() else { return 0 }
        let reviewed = Set(reviews.map(\.finding))
        let held = try reviewable(reviewed)
        let going = reviewed.filter { findings.contains($0) || held[$0] == nil }
        return going.isEmpty ? 0 : try ReviewFile.forWriting(besides: path).erase(going)
    }
}
