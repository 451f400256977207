import FindingStore

/// Why a batch cannot start, or cannot go on.
///
/// What is wrong with one scan is never one of these: it is an `AnalysisFailure`, and a row of its own.
public struct BatchError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// A folder or file of scans, or the manifest, that is not there.
        case missingInput
        /// A manifest that cannot be used.
        case unusableManifest
        /// A patient pattern that is no regular expression, or has no group `patient`.
        case invalidPattern
        /// A folder in which no copies of scans can be made.
        case unusableStage
        /// No room for another record beside the database.
        case diskFull
        /// Workers that do not start, whatever the scan.
        case workersUnavailable
        /// A kernel that does not confine workers, where that is asked for.
        case unconfined
        /// The store cannot be read or takes no more rows.
        case store(StoreError)
    }

    public let kind: Kind
    /// One line that says what to do.
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    init(_ error: StoreError) {
        self.init(.store(error), error.message)
    }

    public var description: String { message }
}
