import GRDB

/// What codes on labels say, where analyses looked, vectors of parts of scans, and what is kept of scans for whoever looks at
/// their findings.
@Sendable func createVersion4(_ db: Database) throws {
    for change in [recordLabels, recordOutlines, keepIllustrations, keepNotices, keepEmbeddings] { try change(db) }
}
