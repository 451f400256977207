import GRDB

/// What codes on labels say, where analyses looked, and what is kept of scans for whoever looks at their findings.
@Sendable func createVersion4(_ db: Database) throws {
    for change in [recordLabels, recordOutlines, keepIllustrations, keepNotices] { try change(db) }
}
