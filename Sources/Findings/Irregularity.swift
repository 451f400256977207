import Listings

/// Something that a verification found wrong.
public struct Irregularity: Sendable, Hashable {
    /// Where, such as `audit entry 12`, `analysis 3` or `scan ab12cd34`.
    public let place: String
    /// What is wrong there: one clause, without patient data.
    public let problem: String

    public init(_ place: String, _ problem: String) {
        self.place = place
        self.problem = problem
    }
}

extension Irregularity: ListingRow {
    /// A contract. New columns go at the end.
    public static let columns: [ListingColumn<Irregularity>] = [
        ListingColumn("place") { .text($0.place) },
        ListingColumn("problem") { .text($0.problem) },
    ]
}
