import GRDB

/// What codes on labels say.
@Sendable func createVersion4(_ db: Database) throws {
    for change in [recordLabels] { try change(db) }
}
