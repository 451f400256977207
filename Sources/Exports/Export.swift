import FindingStore
import Findings

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

    public init(_ store: FindingStore, filter: FindingFilter, pseudonyms: Pseudonyms? = nil) {
        self.store = store
        self.filter = filter
        self.pseudonyms = pseudonyms
    }

    /// Calls `body` with every finding, under the names that it leaves with.
    func forEachFinding(_ body: (FindingRow) throws -> Void) throws {
        try store.forEachFinding(filter) { try body(pseudonyms?.row($0) ?? $0) }
    }
}
