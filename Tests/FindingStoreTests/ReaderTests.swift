import Findings
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import FindingStore

@Suite struct ReaderTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What is committed between two questions shows in neither, where both are one.
    @Test func oneQuestionAsksOneView() throws {
        let folder = try TemporaryFolder()
        let writer = try FindingStore.openForWriting(at: folder.database)
        let run = try writer.beginRun(Samples.run, pipeline: Samples.pipeline())
        try writer.record(Samples.record("a", Samples.done([Samples.region(0)]), run: run))
        let reader = try FindingStore.openForReading(at: folder.database)
        try reader.snapshot {
            #expect(try reader.findings().count == 1)
            try writer.record(Samples.record("b", Samples.done([Samples.region(0)]), run: run))
            #expect(try reader.findings().count == 1)
            try reader.forEachAnalysis { (analysis) throws in
                #expect(try reader.findings(FindingFilter(patient: analysis.patient)).count == 1)
            }
            #expect(try reader.scans().count == 1)
        }
        #expect(try reader.findings().count == 2)
    }

    /// Eight readers, each with a connection of its own, while scans are committed: none waits or fails, and each sees
    /// whole scans, never fewer than before.
    @Test func eightReadersSeeWholeScans() async throws {
        let database = folder.database
        let writer = try FindingStore.openForWriting(at: database)
        let run = try writer.beginRun(Samples.run, pipeline: Samples.pipeline())
        let digits = "0123456789abcdef"
        let views = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var counts: [Int] = []
                    while (counts.last ?? 0) < digits.count * 3 {
                        counts.append(try FindingStore.openForReading(at: database).findings().count)
                        await Task.yield()
                    }
                    return counts
                }
            }
            for digit in digits {
                try writer.record(
                    Samples.record(digit, Samples.done((0..<3).map { Samples.region($0) }), run: run))
                try await Task.sleep(for: .milliseconds(5))
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(views.count == 8)
        for counts in views {
            #expect(counts == counts.sorted())
            #expect(counts.allSatisfy { $0 % 3 == 0 })
        }
    }

    @Test func aDatabaseThatAnotherProgramLocksIsBusyForWriters() throws {
        try FindingStore.openForWriting(at: folder.database).close()
        let other = try DatabaseQueue(path: folder.database)
        try other.inDatabase { db in
            try db.execute(sql: "BEGIN IMMEDIATE")
            let told = Mutex<[String]>([])
            let store = try FindingStore.openForWriting(
                at: folder.database, patience: LockPatience(silentNaps: 2, naps: 5),
                waiting: { sentence in told.withLock { $0.append(sentence) } }, schema: .current)
            let error = #expect(throws: StoreError.self) {
                try store.beginRun(Samples.run, pipeline: Samples.pipeline())
            }
            #expect(error?.kind == .busy)
            #expect(!told.withLock { $0 }.isEmpty)
            try db.execute(sql: "ROLLBACK")
        }
    }
}
