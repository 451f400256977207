import Findings
import GRDB
import TestSupport
import Testing

@testable import FindingStore

@Suite struct MigrationTests {
    let folder: TemporaryFolder
    let next = Schema(
        migrations: Schema.current.migrations + [{ db in try db.execute(sql: "CREATE TABLE next (id INTEGER) STRICT") }]
    )
    let broken = Schema(
        migrations: Schema.current.migrations + [
            { db in
                try db.execute(sql: "CREATE TABLE next (id INTEGER) STRICT")
                try db.execute(sql: "INSERT INTO nowhere VALUES (1)")
            }
        ])

    init() throws {
        folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        try store.close()
    }

    private var backup: String { folder.database + ".schema-\(Schema.current.version)" }

    @Test func anOlderSchemaIsReadAsItIs() throws {
        let reader = try FindingStore.openForReading(at: folder.database, schema: next)
        #expect(try reader.findings().count == 1)
        #expect(try !reader.read { db in try db.tableExists("next") })
    }

    @Test func anOlderSchemaIsBackedUpAndMigrated() throws {
        let store = try FindingStore.openForWriting(at: folder.database, schema: next)
        #expect(try store.read { db in try db.tableExists("next") })
        #expect(try store.findings().count == 1)
        #expect(folder.mode("findings.sqlite.schema-\(Schema.current.version)") == 0o600)
        #expect(try FindingStore.openForReading(at: backup).findings().count == 1)
    }

    @Test func aMigrationThatFailsChangesNothing() throws {
        #expect(throws: StoreError.self) { try FindingStore.openForWriting(at: folder.database, schema: broken) }
        let store = try FindingStore.openForWriting(at: folder.database)
        #expect(try store.findings().count == 1)
        #expect(try !store.read { db in try db.tableExists("next") })
    }

    @Test func aWriterWaitsForTheDisk() throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        func setting(_ name: String) throws -> String? {
            try store.write { db in try String.fetchOne(db, sql: "PRAGMA \(name)") }
        }
        #expect(try setting("synchronous") == "2")
        #expect(try setting("foreign_keys") == "1")
        #expect(try setting("journal_mode") == "wal")
    }
}
