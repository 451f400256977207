import FindingStore
import Findings
import Foundation
import GRDB
import TestSupport
import Testing

/// What people ask of the file itself.
@Suite struct ViewTests {
    private func answer(_ question: String) throws -> [String] {
        let folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(
            Samples.record(
                "a",
                Samples.done([
                    Samples.region(0), Samples.region(1, y: 90, confidence: 0.5), Samples.region(2, label: "Normal"),
                ]), run: run))
        let other = [Samples.sighting("P2/b.tif", patient: "P2")]
        try store.record(Samples.record("b", Samples.failed(), run: run, sightings: other))
        try store.record(
            AnalysisRecord(
                run: run, pipeline: Samples.hash("f"),
                subject: .unopened(
                    Samples.sighting("P2/c.tif", patient: "P2"),
                    failure: AnalysisFailure(stage: .open, code: .inputOutput, message: "no permission")),
                startedAt: Samples.start, finishedAt: Samples.start + 10))
        // Another fingerprint of the pipeline finds less: its word counts.
        let next = try store.beginRun(Samples.run, pipeline: Samples.pipeline("e"))
        try store.record(
            Samples.record(
                "a", Samples.done([Samples.region(0), Samples.region(1, y: 90, confidence: 0.5)]), run: next,
                pipeline: Samples.hash("e")))
        try store.close()
        return try DatabaseQueue(path: folder.database).read { db in
            try Row.fetchAll(db, sql: question).map { row in
                row.databaseValues.map { $0.isNull ? "" : "\($0.storage.value ?? "")" }.joined(separator: "|")
            }
        }
    }

    @Test(arguments: [
        (
            "SELECT patient_id, label, findings, highest_confidence FROM findings_by_patient WHERE kind = 'region'",
            ["P1|Adenocarcinoma|2|0.75"]
        ),
        (
            "SELECT scan, x, y, confidence FROM latest_findings WHERE confidence < 0.6 ORDER BY confidence",
            ["P1/a.tif|10|90|0.5"]
        ),
        (
            "SELECT patient_id, scan, stage, code FROM failures ORDER BY scan",
            ["P2|P2/b.tif|read|malformed", "P2|P2/c.tif|open|input-output"]
        ),
    ])
    func peopleGetPlainAnswers(question: String, answers: [String]) throws {
        #expect(try answer(question) == answers)
    }
}
