import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import FindingStore

@Suite struct BackupTests {
    let folder: TemporaryFolder
    let store: FindingStore

    init() throws {
        folder = try TemporaryFolder()
        store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
    }

    /// The log holds all of it still: a copy of the file alone would be empty.
    @Test func aBackupIsOneFileWithEverythingWhileARunWrites() throws {
        let copy = folder.database + ".copy"
        try FindingStore.openForReading(at: folder.database).backUp(to: copy)
        #expect(folder.mode("findings.sqlite.copy") == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("copy") }
        #expect(names == ["findings.sqlite.copy"])
        let copied = try FindingStore.openForReading(at: copy)
        #expect(try copied.findings().count == 1)
        #expect(try copied.verify().irregularities.isEmpty)
    }

    @Test func whatAKilledBackupLeftGoesWithTheNext() throws {
        let copy = folder.database + ".copy"
        for name in ["", "-wal", "-shm", "-journal"] {
            try Data("patients' data".utf8).write(to: URL(fileURLWithPath: copy + ".partial" + name))
        }
        try store.backUp(to: copy)
        #expect(folder.contents.filter { $0.contains("copy") } == ["findings.sqlite.copy"])
        #expect(try FindingStore.openForReading(at: copy).findings().count == 1)
    }

    @Test func nothingIsWrittenOverAFile() throws {
        let error = #expect(throws: StoreError.self) { try store.backUp(to: folder.database) }
        #expect(error?.kind == .cannotCreate)
    }

    @Test func aDatabaseWithoutItsLogSaysWhatIsMissing() throws {
        try FileManager.default.copyItem(atPath: folder.database, toPath: folder.database + ".copy")
        let error = #expect(throws: StoreError.self) {
            try FindingStore.openForReading(at: folder.database + ".copy")
        }
        #expect(error?.message.contains("findings.sqlite.copy-wal") == true, "\(error?.message ?? "")")
    }

    @Test func noLockIsLeftBesideAForeignFile() throws {
        let foreign = folder.database + ".foreign"
        try Data("no database".utf8).write(to: URL(fileURLWithPath: foreign))
        #expect(throws: StoreError.self) { try FindingStore.openForWriting(at: foreign) }
        #expect(!FileManager.default.fileExists(atPath: foreign + ".lock"))
    }
}
