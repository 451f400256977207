import FindingStore
import Foundation
import TestSupport
import Testing

/// What a run said that a person should know stays with it.
@Suite struct NoticeTests {
    private func night(_ notices: [String]) throws -> (folder: TemporaryFolder, run: Int64) {
        let folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.finishRun(
            run, ending: .completed, at: Samples.start + 60, counts: Samples.counts, notices: notices)
        try store.close()
        return (folder, run)
    }

    @Test func itIsReadInItsOrder() throws {
        let notices = ["2 files were left out: DICOM is not read", "1 link was not followed"]
        let (folder, run) = try night(notices)
        let store = try FindingStore.openForReading(at: folder.database)
        #expect(try store.notices(ofRun: run) == notices)
        #expect(try store.notices(ofRun: run + 1) == [])
        #expect(try store.verify().irregularities == [])
    }

    @Test(arguments: ["UPDATE run_notices SET sentence = 'nothing was left out'", "DELETE FROM run_notices"])
    func itIsVouchedFor(statement: String) throws {
        let (folder, _) = try night(["1 link was not followed"])
        try Intruder(at: folder.database).execute(statement)
        let irregularities = try FindingStore.openForReading(at: folder.database).verify().irregularities
        #expect(irregularities.contains { $0.place == "notice 1" })
    }
}
