import Findings
import GRDB
import Listings

/// What the file of reviews beside a database says of itself. No audit chain vouches for it.
public struct ReviewVerification: Sendable, Hashable {
    /// How many reviews there are.
    public let count: Int
    public let irregularities: [Irregularity]
    /// One sentence each.
    public let remarks: [String]
}

extension FindingStore {
    /// Reads every review again; nil where there is no file of reviews.
    public func verifyReviews() -> ReviewVerification? {
        do throws(StoreError) {
            guard let reviews = try ReviewFile.ifPresent(besides: path)?.verified() else { return nil }
            let held = try reviewable(Set(reviews.map(\.finding)))
            let stray = reviews.count { review in
                held[review.finding].map { review.review.at < $0.analysedAt } ?? true
            }
            let remark = "\(stray) of the reviews are of findings that the database does not hold any more"
            return ReviewVerification(count: reviews.count, irregularities: [], remarks: stray == 0 ? [] : [remark])
        } catch {
            return ReviewVerification(
                count: 0, irregularities: [Irregularity("reviews", error.message)], remarks: [])
        }
    }
}

extension ReviewFile {
    /// All reviews, the oldest first, of a file whose pages are sound and whose table is the one that this program makes.
    ///
    /// - Throws: `StoreError` of kind `unusable`.
    func verified() throws(StoreError) -> [(finding: FindingID, review: Review)] {
        let isSound: Bool
        do {
            let schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
            let own = try DatabaseQueue().write { db in
                try Self.createTable(db)
                return try Row.fetchAll(db, sql: schema)
            }
            isSound = try database.read { db in
                try Row.fetchAll(db, sql: schema) == own
                    && String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"]
            }
        } catch {
            throw StoreError(error, path: path)
        }
        guard isSound else {
            throw StoreError(.unusable(.damaged), "the reviews in \(path.printable) are damaged or were tampered with")
        }
        return try all()
    }
}
