import FindingStore

/// The whole database as one plain file, which any SQLite opens, also on media that cannot be written to: no write-ahead log
/// belongs to it.
public struct SQLiteExport: Export {
    public static let name = "sqlite"

    private let output: String

    public init(output: String) {
        self.output = output
    }

    /// What the question's filter says is not looked at: a database holds everything.
    public func write(_ question: ExportQuestion) throws {
        try question.store.backUp(to: output)
    }
}
