import Findings

/// Why the database could not be opened, read or written: one actionable line, without patient data.
public struct StoreError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// There is no such file.
        case missing
        case unusable(Reason)
        /// The file, or what belongs beside it, cannot be created or written.
        case cannotCreate
        /// Reading or writing failed: a full disk, a device error.
        case inputOutput
        /// Another process holds the database: try later.
        case busy
        /// A record breaks an invariant of the schema: a defect of whoever made the record.
        case refused
    }

    /// Why a file that is there cannot serve as the database.
    public enum Reason: Sendable, Hashable {
        case notADatabase
        /// An SQLite database, but of another program.
        case foreign
        /// Written by a newer version of this program.
        case newer
        /// Its pages or its rows contradict themselves.
        case damaged
        /// Its last run, or what was merged into it last, was cut short.
        case unfinished
        /// It holds patients that were erased where it is to be merged.
        case erasedPatients
    }

    public let kind: Kind
    public let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String { message }
}
