import FindingStore
import Findings
import Listings

/// A form in which findings leave for other programs: one type a form, whose value says where they go and how.
public protocol Export: Sendable {
    /// What the command line and the audit chain call the form.
    static var name: String { get }

    /// Writes what the question asks for, all of it from one view of the database.
    ///
    /// - Throws: `ExportError`, or `StoreError` where the database cannot be read.
    func write(_ question: ExportQuestion) throws
}

/// Which findings leave, and under which names.
public struct ExportQuestion: Sendable {
    public let store: FindingStore
    public let filter: FindingFilter
    /// What stands for patients, paths, hashes of scans and ids of findings; nil for the true ones.
    public let pseudonyms: Pseudonyms?
    /// What was last said of findings, as it leaves; nil where nobody has reviewed any.
    public let reviews: [FindingID: Review]?

    /// - Throws: `StoreError` where there is a file of reviews that cannot be read.
    public init(_ store: FindingStore, filter: FindingFilter, pseudonyms: Pseudonyms? = nil) throws(StoreError) {
        let reviews = try store.reviews()
        self.reviews = pseudonyms == nil ? reviews : reviews?.mapValues(\.pseudonymised)
        self.store = store
        self.filter = filter
        self.pseudonyms = pseudonyms
    }

    /// Calls `body` with every finding as JSON, under the names that it leaves with, and with what was said of it.
    public func forEachJSON(_ body: (JSONValue) throws -> Void) throws {
        try store.forEachFinding(filter) { row in
            let shown = pseudonyms?.row(row) ?? row
            try body(reviews.map { ReviewedFindingRow(shown, $0[row.id]).json } ?? shown.json)
        }
    }
}
