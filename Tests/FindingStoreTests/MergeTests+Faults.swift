import Findings
import Foundation
import GRDB
import TestSupport
import Testing

@testable import FindingStore

/// Sources that contradict, are of another version, damaged, or not there to be read.
extension MergeTests {
    @Test func otherFindingsByTheSamePipelineAreNamedAndDoNotComeIn() throws {
        try night("shard1") { try record(["a"], $0, $1) }
        try night("shard2", at: Samples.start + 1) { try record(["a", "b"], $0, $1, confidence: 0.5) }
        let report = try merge(["shard1", "shard2"])
        #expect(report.counts.conflicts == [Samples.hash("a")])
        let confidences = try FindingStore.openForReading(at: folder["all"]).findings().map(\.finding.confidence)
        #expect(confidences.sorted() == [0.5, 0.6, 0.6, 0.75])
        #expect(try merge(["shard1", "shard2"]).counts.conflicts == [Samples.hash("a")], "it is forgotten")
    }

    /// An older pipeline's analysis that is merged late does not become the newest.
    @Test func anOlderSchemaIsMergedFromACopy() throws {
        do {
            let store = try FindingStore.openForWriting(at: folder["old"], schema: Schema.current.upTo(3))
            try store.write { db in try db.execute(sql: "INSERT INTO patients (name) VALUES ('P9')") }
            try store.close()
        }
        let before = try Data(contentsOf: URL(filePath: folder["old"]))
        let report = try merge(["old"])
        #expect(refusal(report) == nil)
        #expect(try Data(contentsOf: URL(filePath: folder["old"])) == before)
        #expect(folder.contents.allSatisfy { !$0.contains("merging") })
    }

    /// A run that was killed.
    private func cutShort(_ name: String) throws {
        let store = try FindingStore.openForWriting(at: folder[name])
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try record(["c"], store, run)
        try store.close()
    }

    enum Fault: CaseIterable {
        case missing, notADatabase, foreign, newer, truncated, tampered, unfinished, inUse
    }

    @Test(arguments: Fault.allCases)
    func aSourceThatCannotBeUsedIsNamedAndNothingOfItIsMerged(fault: Fault) throws {
        try night("good") { try record(["a"], $0, $1) }
        try night("bad", at: Samples.start + 1) { try record(["b"], $0, $1) }
        let file = URL(filePath: folder["bad"])
        var writer: FindingStore?
        let expected: StoreError.Kind
        switch fault {
        case .missing:
            try FileManager.default.removeItem(at: file)
            expected = .missing
        case .notADatabase:
            try Data("no database at all, though it is long enough".utf8).write(to: file)
            expected = .unusable(.notADatabase)
        case .foreign:
            try Intruder(at: folder["bad"]).execute("PRAGMA application_id = 7")
            expected = .unusable(.foreign)
        case .newer:
            try Intruder(at: folder["bad"]).execute("PRAGMA user_version = 99")
            expected = .unusable(.newer)
        case .truncated:
            let content = try Data(contentsOf: file)
            try content.prefix(content.count / 2 / 4096 * 4096).write(to: file)
            expected = .unusable(.damaged)
        case .tampered:
            try Intruder(at: folder["bad"]).execute("UPDATE findings SET confidence = 0.125 WHERE ordinal = 1")
            expected = .unusable(.damaged)
        case .unfinished:
            try cutShort("bad")
            expected = .unusable(.unfinished)
        case .inUse:
            writer = try FindingStore.openForWriting(at: folder["bad"])
            expected = .busy
        }
        let report = try merge(["bad", "good"])
        #expect(refusal(report) == expected)
        #expect(try shown("all") == shown("good"))
        try writer?.close()
    }

    /// As of a copy under way, or a disk that was full.
    @Test func aSourceThatIsCutAnywhereIsRefused() throws {
        try night("whole") { try record(["a", "b"], $0, $1) }
        let whole = try FindingStore.openForReading(at: folder["whole"])
        try whole.backUp(to: folder["copy"])
        let content = try Data(contentsOf: URL(filePath: folder["copy"]))
        for length in stride(from: 0, to: content.count, by: 4096) {
            for length in [length, length + 1000] {
                try content.prefix(length).write(to: URL(filePath: folder["cut"]))
                // A last page of which nothing but zeros is cut off is whole.
                let isRefused = try refusal(merge(["cut"])) != nil
                #expect(
                    try shown("all") == (isRefused ? [] : shown("whole")), "\(length) of \(content.count) bytes")
                if !isRefused { try #require(length > content.count - 4096) }
            }
        }
    }
}
