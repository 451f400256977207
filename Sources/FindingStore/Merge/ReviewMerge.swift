import Findings
import Listings

/// What became of the reviews beside merged databases.
public struct ReviewMerge: Sendable {
    public internal(set) var added = 0
    /// Reviews of what the merged database says otherwise, or does not hold.
    public internal(set) var leftOut = 0
    /// Files of reviews that cannot be used. Of these nothing was merged; the databases that they lie beside were.
    public internal(set) var refusals: [StoreError] = []
}

extension FindingStore {
    /// Brings in the reviews that lie beside a database whose findings were merged. What is there already is not added
    /// again, and of all that is said of a finding the newest counts.
    ///
    /// - Throws: where this database, or the file of reviews beside it, fails.
    func mergeReviews(besides source: DatabaseFile, _ merge: inout ReviewMerge) throws(StoreError) {
        let said: [(finding: FindingID, review: Review)]
        let theirs: [FindingID: (finding: Finding, analysedAt: Timestamp)]
        do throws(StoreError) {
            guard let reviews = try ReviewFile.ifPresent(besides: source.path) else { return }
            said = try reviews.verified()
            theirs = try FindingStore.openForReading(at: source.path).reviewable(Set(said.map(\.finding)))
        } catch {
            merge.refusals.append(error)
            return
        }
        let ours = try reviewable(theirs.keys)
        let standing = said.filter { id, review in
            guard let there = theirs[id], let here = ours[id] else { return false }
            return there.finding == here.finding && review.at >= max(there.analysedAt, here.analysedAt)
        }
        merge.leftOut += said.count - standing.count
        if standing.isEmpty { return }
        merge.added += try ReviewFile.forWriting(besides: path).add(standing)
    }
}
