import FindingStore
import Findings
import Foundation
import TestSupport
import Testing

/// Whatever happens to the file, a reader ends in an error or has what was written, and never a silent difference.
/// `SCANREPORT_DAMAGES` sets how many damaged files are tried.
@Suite struct DamageTests {
    private let damages = ProcessInfo.processInfo.environment["SCANREPORT_DAMAGES"].flatMap { Int($0) } ?? 60
    let folder: TemporaryFolder
    let content: Data
    let findings: [FindingRow]
    let analyses: [AnalysisRow]

    init() throws {
        folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        for digit in "abcdef0123456789" {
            let regions = (1..<20).map { Samples.region($0, x: $0 * 7) }
            try store.record(Samples.record(digit, Samples.done([Samples.wholeScan(0)] + regions), run: run))
        }
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        findings = try store.findings(includingGeometry: true)
        analyses = try store.analyses()
        try store.close()
        content = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        for name in folder.contents where name != "findings.sqlite" {
            try FileManager.default.removeItem(atPath: folder[name])
        }
    }

    private enum Answer: Equatable {
        case refused, asWritten, damagedAndNamed, silentlyWrong
    }

    private func answer(to damaged: Data) throws -> Answer {
        try damaged.write(to: URL(fileURLWithPath: folder.database))
        do {
            let store = try FindingStore.openForReading(at: folder.database)
            let found = try store.findings(includingGeometry: true)
            if try found == findings && store.analyses() == analyses { return .asWritten }
            return try store.verify().irregularities.isEmpty ? .silentlyWrong : .damagedAndNamed
        } catch is StoreError {
            return .refused
        }
    }

    @Test func aFlippedByteIsNeverSilent() throws {
        for _ in 0..<damages {
            var damaged = content
            let offset = Int.random(in: 0..<damaged.count)
            damaged[offset] ^= UInt8.random(in: 1...255)
            #expect(try answer(to: damaged) != .silentlyWrong, "byte \(offset)")
        }
    }

    @Test func aFlippedPageIsNeverSilent() throws {
        for _ in 0..<damages / 3 {
            var damaged = content
            let (first, second) = (pageStart(), pageStart())
            for byte in 0..<4096 { damaged.swapAt(first + byte, second + byte) }
            #expect(try answer(to: damaged) != .silentlyWrong, "pages at \(first) and \(second)")
            damaged = content
            damaged.replaceSubrange(first..<first + 4096, with: Data(repeating: 0, count: 4096))
            #expect(try answer(to: damaged) != .silentlyWrong, "page at \(first)")
        }
    }

    private func pageStart() -> Int { Int.random(in: 0..<content.count / 4096) * 4096 }

    @Test func aTruncatedFileIsRefused() throws {
        for page in stride(from: 1, to: content.count / 4096, by: max(1, content.count / 4096 / 20)) {
            for length in [page * 4096, page * 4096 - 17] {
                #expect(try answer(to: content.prefix(length)) != .silentlyWrong, "\(length) bytes")
            }
        }
    }

    /// Writing to it changes nothing but the file's own log, and it is never made anew.
    @Test func aDamagedFileIsNotRecreated() throws {
        var damaged = content
        damaged.replaceSubrange(0..<100, with: Data(repeating: 0xFF, count: 100))
        try damaged.write(to: URL(fileURLWithPath: folder.database))
        #expect(throws: StoreError.self) { try FindingStore.openForWriting(at: folder.database) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == damaged)
    }
}
