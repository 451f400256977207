import Findings
import Listings

/// A finding with what was last said of it.
public struct ReviewedFindingRow: Sendable, Hashable, ListingRow {
    public let row: FindingRow
    public let review: Review?

    public init(_ row: FindingRow, _ review: Review?) {
        self.row = row
        self.review = review
    }

    /// Those of findings, and behind them those of reviews.
    public static let columns: [ListingColumn<ReviewedFindingRow>] =
        FindingRow.columns.map { $0.of { $0.row } } + Review.columns.map { $0.of { $0.review } }
}

extension Review: ListingRow {
    /// A contract. New columns go at the end.
    public static let columns: [ListingColumn<Review>] = [
        ListingColumn("review") { .text($0.verdict.rawValue) },
        ListingColumn("review_label") { .text($0.label) },
        ListingColumn("review_note", for: .programs) { .text($0.note.isEmpty ? nil : $0.note) },
        ListingColumn("reviewer", for: .programs) { .text($0.reviewer) },
        ListingColumn("reviewed_at", for: .programs) { .text($0.at.description) },
    ]

    /// Without what may say who anybody is: the note, the reviewer, and of the moment all but the year.
    public var pseudonymised: Review {
        Review(verdict: verdict, label: label, note: "", reviewer: "", at: at.startOfYear)
    }

    private init(verdict: Verdict, label: String?, note: String, reviewer: String, at: Timestamp) {
        self.verdict = verdict
        self.label = label
        self.note = note
        self.reviewer = reviewer
        self.at = at
    }
}
