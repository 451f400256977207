import FindingStore
import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@Suite struct OpeningTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fill() throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
    }

    private func expect(_ kind: StoreError.Kind, writing: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
            if writing {
                _ = try FindingStore.openForWriting(at: folder.database)
            } else {
                _ = try FindingStore.openForReading(at: folder.database)
            }
        }
        #expect(error?.kind == kind, sourceLocation: sourceLocation)
        #expect(error?.message.contains("\n") == false, sourceLocation: sourceLocation)
    }

    @Test func everyFileIsItsOwnersAlone() throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        for name in folder.contents { #expect(folder.mode(name) == 0o600, "\(name)") }
        #expect(
            folder.contents == ["", "-shm", "-wal", ".lock"].map { "findings.sqlite" + $0 })
        withExtendedLifetime(store) {}
    }

    @Test func aSecondWriterIsRefusedAtOnce() throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        expect(.busy, writing: true)
        withExtendedLifetime(store) {}
    }

    @Test func aWriterOfOneRecordIsWaitedFor() async throws {
        for briefly in [false, true] {
            let release = try hold(for: .milliseconds(200))
            _ = try FindingStore.openForWriting(at: folder.database, briefly: briefly)
            await release.value
        }
    }

    /// Holds the database as for one record.
    private func hold(for duration: Duration) throws -> Task<Void, Never> {
        let store = try FindingStore.openForWriting(at: folder.database, briefly: true)
        return Task {
            try? await Task.sleep(for: duration)
            withExtendedLifetime(store) {}
        }
    }

    @Test func aWriterOfOneRecordIsNotWaitedForForEver() throws {
        let store = try FindingStore.openForWriting(at: folder.database, briefly: true)
        expect(.busy, writing: true)
        withExtendedLifetime(store) {}
    }

    @Test func aLinkToTheDatabaseIsTheDatabase() throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        let link = folder["link.sqlite"]
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "findings.sqlite")
        let error = #expect(throws: StoreError.self) { try FindingStore.openForWriting(at: link) }
        #expect(error?.kind == .busy)
        withExtendedLifetime(store) {}
    }

    @Test func theNextWriterFindsWhatTheLastOneWrote() throws {
        try fill()
        let store = try FindingStore.openForWriting(at: folder.database)
        #expect(try store.findings().count == 1)
    }

    @Test func readersSeeWhatIsCommittedAndNeverBlock() throws {
        let writer = try FindingStore.openForWriting(at: folder.database)
        let run = try writer.beginRun(Samples.run, pipeline: Samples.pipeline())
        let reader = try FindingStore.openForReading(at: folder.database)
        #expect(try reader.findings().isEmpty)
        try writer.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        try reader.forEachFinding { _ in
            try writer.record(Samples.record("b", Samples.done([Samples.region(0)]), run: run))
        }
        #expect(try reader.findings().count == 2)
    }

    @Test func aReaderCannotWrite() throws {
        try fill()
        let reader = try FindingStore.openForReading(at: folder.database)
        let error = #expect(throws: StoreError.self) {
            try reader.beginRun(Samples.run, pipeline: Samples.pipeline())
        }
        #expect(error?.kind == .cannotCreate)
    }

    /// As the last writer left it; copied without what lies beside it; and copied while in use, without the index.
    @Test(arguments: [[], ["-wal", "-shm"], ["-shm"]])
    func readingCreatesNothing(missing: [String]) throws {
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let copy = try TemporaryFolder()
        if missing == ["-shm"] {
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: folder.database + suffix, toPath: copy.database + suffix)
            }
        }
        try store.close()
        if missing != ["-shm"] {
            for suffix in ["", "-wal", "-shm"] where !missing.contains(suffix) {
                try FileManager.default.copyItem(atPath: folder.database + suffix, toPath: copy.database + suffix)
            }
        }
        let before = copy.contents
        let reader = try FindingStore.openForReading(at: copy.database)
        #expect(try reader.findings().count == 1)
        try reader.close()
        #expect(copy.contents == before)
    }

    @Test func whatIsNotThereIsMissing() {
        expect(.missing, writing: false)
        #expect(folder.contents.isEmpty)
        let error = #expect(throws: StoreError.self) {
            try FindingStore.openForWriting(at: folder["no/such/folder.sqlite"])
        }
        #expect(error?.kind == .missing)
    }

    @Test func aFolderIsNotADatabase() throws {
        let error = #expect(throws: StoreError.self) { try FindingStore.openForReading(at: folder.path) }
        #expect(error?.kind == .unusable(.notADatabase))
    }

    @Test(arguments: [true, false]) func whatIsNotSQLiteIsRefused(writing: Bool) throws {
        let content = Data(repeating: 0x41, count: 5000)
        try content.write(to: URL(fileURLWithPath: folder.database))
        expect(.unusable(.notADatabase), writing: writing)
        #expect(FileManager.default.contents(atPath: folder.database) == content)
    }

    @Test func anEmptyFileIsEmptyToReadersAndNewToWriters() throws {
        try Data().write(to: URL(fileURLWithPath: folder.database))
        expect(.unusable(.foreign), writing: false)
        try fill()
        #expect(try FindingStore.openForReading(at: folder.database).findings().count == 1)
    }

    @Test func aDatabaseWhoseMakingWasKilledIsMadeAgain() throws {
        let begun = try DatabaseQueue(path: folder.database)
        try begun.write { db in try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT PRIMARY KEY)") }
        try begun.close()
        expect(.unusable(.foreign), writing: false)
        try fill()
        #expect(try FindingStore.openForReading(at: folder.database).findings().count == 1)
    }

    @Test(arguments: [true, false]) func anotherProgramsDatabaseStaysAsItIs(writing: Bool) throws {
        let other = try DatabaseQueue(path: folder.database)
        try other.write { db in try db.execute(sql: "CREATE TABLE notes (text TEXT)") }
        try other.close()
        let content = FileManager.default.contents(atPath: folder.database)
        expect(.unusable(.foreign), writing: writing)
        #expect(FileManager.default.contents(atPath: folder.database) == content)
    }

    @Test(arguments: [true, false]) func aNewerSchemaIsRefused(writing: Bool) throws {
        try fill()
        let other = try DatabaseQueue(path: folder.database)
        try other.inDatabase { db in try db.execute(sql: "PRAGMA user_version = 1000") }
        try other.close()
        expect(.unusable(.newer), writing: writing)
    }

    @Test func aDamagedPageIsNamedDamaged() throws {
        try fill()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.database))
        let size = try file.seekToEnd()
        for page in stride(from: UInt64(4096), to: size, by: 4096) {
            try file.seek(toOffset: page)
            file.write(Data(repeating: 0xFF, count: 4096))
        }
        try file.close()
        let error = #expect(throws: StoreError.self) {
            _ = try FindingStore.openForReading(at: folder.database).findings()
        }
        #expect(error?.kind == .unusable(.damaged))
        #expect(throws: StoreError.self) {
            let store = try FindingStore.openForWriting(at: folder.database)
            _ = try store.beginRun(Samples.run, pipeline: Samples.pipeline("e"))
        }
    }

    @Test func aTruncatedDatabaseIsNamedDamaged() throws {
        try fill()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.database))
        try file.truncate(atOffset: 8192)
        try file.close()
        expect(.unusable(.damaged), writing: false)
    }
}
