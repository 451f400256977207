import GRDB
import Listings

/// Whether the file is a sound SQLite database with this program's schema, whose rows keep the schema's invariants.
struct FileInspection {
    let schema: Schema

    func inspect(_ db: Database, _ irregularities: inout Irregularities) throws {
        try irregularities.collect { try inspectSchema(db, &$0) }
        try irregularities.collect { try inspectPages(db, &$0) }
        try irregularities.collect { try inspectReferences(db, &$0) }
    }

    /// SQLite reads every page and index, and every row against its types, NOT NULL and UNIQUE. Its CHECKs it leaves out
    /// for a reader; a row that came past them is not what the audit chain vouches for.
    private func inspectPages(_ db: Database, _ irregularities: inout Irregularities) throws {
        for line in try String.fetchAll(db, sql: "PRAGMA integrity_check(100)") where line != "ok" {
            irregularities.note("database", line.printable)
        }
    }

    private func inspectReferences(_ db: Database, _ irregularities: inout Irregularities) throws {
        let rows = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
        while let row = try rows.next() {
            let (table, parent) = (try row.text("table"), try row.text("parent"))
            let number = try row.optionalInteger("rowid").map { " row \($0)" } ?? ""
            irregularities.note(
                "\(table.printable)\(number)", "it refers to a row of \(parent.printable) that is not there")
        }
    }

    /// The schema as the same migrations make it anew.
    private func inspectSchema(_ db: Database, _ irregularities: inout Irregularities) throws {
        let fresh = try DatabaseQueue()
        try schema.migrate(fresh, from: nil)
        let expected = try fresh.read { try Self.definitions($0) }
        let found = try Self.definitions(db)
        for object in Set(expected.keys).union(found.keys).sorted(by: { ($0.name, $0.type) < ($1.name, $1.type) }) {
            let place = "\(object.type) \(object.name)".printable
            switch (expected[object], found[object]) {
            case (let expected?, let found?):
                if expected != found { irregularities.note(place, "its definition was changed") }
            case (_?, nil): irregularities.note(place, "it is missing")
            case (nil, _): irregularities.note(place, "it does not belong to this program's schema")
            }
        }
    }

    private struct SchemaObject: Hashable {
        let type: String
        let name: String
    }

    private static func definitions(_ db: Database) throws -> [SchemaObject: String] {
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT type, name, ifnull(sql, '') AS sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        )
        return Dictionary(
            try rows.map { (SchemaObject(type: try $0.text("type"), name: try $0.text("name")), try $0.text("sql")) },
            uniquingKeysWith: { first, _ in first })
    }
}
