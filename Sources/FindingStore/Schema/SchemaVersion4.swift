import GRDB

/// What codes on labels say, and where analyses looked.
@Sendable func createVersion4(_ db: Database) throws {
    for change in [recordLabels, recordOutlines] { try change(db) }
}
