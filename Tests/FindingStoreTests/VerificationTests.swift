import FindingStore
import Findings
import Foundation
import GRDB
import TestSupport
import Testing

/// A night of three patients: P1 with findings in scan a, P2 without tissue in b, P3 with a failure.
struct RecordedNight {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let store = try FindingStore.openForWriting(at: folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.record(
            Samples.record("a", Samples.done([Samples.wholeScan(0), Samples.region(1), Samples.region(2)]), run: run))
        try store.record(
            Samples.record(
                "b", Samples.done([], status: .noTissue), run: run,
                sightings: [Samples.sighting("P2/b.tif", patient: "P2")]))
        try store.record(
            Samples.record("c", Samples.failed(), run: run, sightings: [Samples.sighting("P3/c.tif", patient: "P3")]))
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        try store.close()
    }

    func verify(earlierHead: ContentHash? = nil) throws -> StoreVerification {
        try FindingStore.openForReading(at: folder.database).verify(earlierHead: earlierHead)
    }
}

@Suite struct VerificationTests {
    let night: RecordedNight

    init() throws {
        night = try RecordedNight()
    }

    @Test func nothingIsWrongWithWhatTheProgramWrote() throws {
        let verification = try night.verify()
        #expect(verification.irregularities == [])
        #expect(verification.remarks == [])
        #expect(verification.analyses == 3 && verification.findings == 3)
        // The migration and its catalogue, the pipeline, the run, three sightings and analyses, the end, the catalogue.
        #expect(verification.auditEntries == 12)
    }

    /// What was done to the file, and where it is found first.
    static let tampering: [(statements: String, place: String, problem: String)] = [
        (
            "UPDATE findings SET label = 'Normal' WHERE ordinal = 1", "analysis 1 of scan aaaaaaaa",
            "its finding 2 (in order"
        ),
        (
            "UPDATE findings SET confidence = 0.7500001 WHERE ordinal = 2", "analysis 1 of scan aaaaaaaa",
            "its finding 3"
        ),
        ("UPDATE findings SET geometry = x'010204' WHERE ordinal = 1", "analysis 1 of scan aaaaaaaa", "its finding 2"),
        ("UPDATE findings SET image = 1 WHERE ordinal = 2", "analysis 1 of scan aaaaaaaa", "its finding 3"),
        ("DELETE FROM findings WHERE ordinal = 2", "analysis 1 of scan aaaaaaaa", "1 of its findings are missing"),
        (
            """
            INSERT INTO findings SELECT 9, '00000000000000000000000000000000', analysis_id, 3, kind, label, confidence,
                raw_confidence, x, y, width, height, centroid_x, centroid_y, area_px, area_um2, probabilities,
                measurements, geometry, image FROM findings WHERE ordinal = 2
            """, "analysis 1 of scan aaaaaaaa", "1 of its findings were added"
        ),
        (
            "DELETE FROM findings; UPDATE analyses SET status = 'no-tissue' WHERE id = 1",
            "analysis 1 of scan aaaaaaaa",
            "3 of its findings are missing"
        ),
        ("UPDATE analyses SET code = 'timeout' WHERE id = 3", "analysis 3 of scan cccccccc", "it is not what"),
        ("DELETE FROM analyses WHERE id = 2", "analysis 2", "it is missing: audit entry"),
        (
            """
            INSERT INTO analyses SELECT 4, run_id, pipeline_id, scan_id, sighting_id, state, status, remarks, quality,
                stage, code, message, spacing_um_px, spacing_source, started_at, finished_at FROM analyses WHERE id = 3
            """, "analysis 4 of scan cccccccc", "no entry of the audit chain"
        ),
        ("UPDATE patients SET name = 'P9' WHERE name = 'P1'", "sighting 1", "it is not what audit entry"),
        ("UPDATE sightings SET patient_id = 1 WHERE patient_id = 2", "sighting 2", "it is not what audit entry"),
        ("UPDATE sightings SET path = 'P1/b.tif' WHERE id = 2", "sighting 2", "it is not what audit entry"),
        ("UPDATE sightings SET last_run_id = 2 WHERE id = 2", "sightings row 2", "a row of runs that is not there"),
        ("UPDATE sightings SET patient_source = 'manifest'", "scans and sightings", "who has which scans"),
        ("UPDATE scans SET width = 600", "scans and sightings", "who has which scans"),
        ("UPDATE scans SET sha256 = replace(sha256, 'a', 'd') WHERE id = 1", "sighting 1", "it is not what"),
        ("UPDATE runs SET failed = 0", "run-end 1", "it is not what audit entry"),
        ("UPDATE runs SET host = 'day'", "run 1", "it is not what audit entry"),
        ("UPDATE pipelines SET definition = 'name: other'", "pipeline 1", "it is not what audit entry"),
        ("UPDATE models SET sha256 = replace(sha256, '1', '3') WHERE id = 1", "pipeline 1", "it is not what"),
        ("UPDATE findings SET confidence = 7 WHERE ordinal = 1", "analysis 1 of scan aaaaaaaa", "its finding 2"),
        ("UPDATE audit SET details = '{\"found\":7}' WHERE seq = 1", "audit entry 1", "it does not have its own hash"),
        ("UPDATE audit SET digest = NULL WHERE seq = 5", "audit entry 5", "it does not have its own hash"),
        ("UPDATE audit SET event = 'nothing' WHERE seq = 5", "audit entry 5", "its event is impossible"),
        (
            // A hash is of the moment too: that any digit is among its own is by chance.
            "UPDATE audit SET hash = iif(hash LIKE '0%', '1', '0') || substr(hash, 2) WHERE seq = 5",
            "audit entry 5", "its own hash"
        ),
        ("DELETE FROM audit WHERE seq = 5", "audit entry 6", "the entry before it is missing"),
        ("DELETE FROM audit WHERE seq = 1", "audit entry 2", "the entry before it is missing"),
        ("DELETE FROM audit", "audit chain", "it is empty"),
        ("DELETE FROM audit WHERE seq >= 11", "run-end 1", "no entry of the audit chain"),
        (
            "INSERT INTO file_stamps SELECT 9, 1, 2, 3, 4, 5, sha256 FROM scans WHERE id = 1", "stamp 9",
            "no entry of the audit chain"
        ),
        ("INSERT INTO erasure VALUES (1)", "table erasure", "it is not empty"),
        ("CREATE TABLE notes (text TEXT)", "table notes", "does not belong"),
        ("DROP VIEW judged_analyses", "view judged_analyses", "it is missing"),
    ]

    @Test(arguments: tampering) func tamperingIsNamed(statements: String, place: String, problem: String) throws {
        try Intruder(at: night.folder.database).execute(statements)
        let first = try #require(try night.verify().irregularities.first)
        #expect(first.place == place)
        #expect(first.problem.contains(problem), "\(first.problem)")
    }

    @Test func guardsThatWereDroppedOrChangedAreNamed() throws {
        let other = try DatabaseQueue(path: night.folder.database)
        try other.inDatabase { db in
            try db.execute(sql: "DROP TRIGGER findings_stay; DROP TRIGGER patients_stay;")
            try db.execute(sql: "CREATE TRIGGER patients_stay BEFORE UPDATE ON patients BEGIN SELECT 1; END")
        }
        try other.close()
        #expect(
            try night.verify().irregularities == [
                Irregularity("trigger findings_stay", "it is missing"),
                Irregularity("trigger patients_stay", "its definition was changed"),
            ])
    }

    /// A chain without a key can be written anew, and then fits: it is the head noted elsewhere that tells.
    @Test func aHeadNotedElsewhereShowsAChainWrittenAnew() throws {
        let head = try #require(try night.verify().head)
        let store = try FindingStore.openForWriting(at: night.folder.database)
        try store.recordExport(format: "csv", filter: FindingFilter(patient: "P1"), isPseudonymised: false)
        try store.close()
        #expect(try night.verify(earlierHead: head).irregularities == [])

        let forged = try RecordedNight()
        #expect(try forged.verify().irregularities == [])
        #expect(try forged.verify(earlierHead: head).irregularities.map(\.place) == ["audit chain"])
    }

    @Test(arguments: [
        "UPDATE audit SET details = '{}'", "DELETE FROM audit WHERE seq = 12", "UPDATE findings SET label = 'Normal'",
        "DELETE FROM findings", "UPDATE analyses SET status = 'rejected'", "DELETE FROM analyses WHERE id = 2",
        "UPDATE patients SET name = 'P9'", "DELETE FROM sightings", "UPDATE sightings SET path = 'x'",
        "UPDATE runs SET failed = 0", "UPDATE runs SET arguments = '[]'", "DELETE FROM runs",
        "UPDATE scans SET byte_count = 1", "DELETE FROM scans", "UPDATE pipelines SET name = 'x'", "DELETE FROM models",
        """
        INSERT INTO audit SELECT seq + 2, at, event, subject, digest, parts, details, hash, hash FROM audit
        ORDER BY seq DESC LIMIT 1
        """,
    ])
    func mistakesAreKeptOut(statement: String) throws {
        let other = try DatabaseQueue(path: night.folder.database)
        let error = #expect(throws: DatabaseError.self) { try other.write { db in try db.execute(sql: statement) } }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
        try other.close()
        #expect(try night.verify().irregularities == [])
    }

    @Test func anotherSpacingReplacesAnAnalysisAndTheChainSaysSo() throws {
        let store = try FindingStore.openForWriting(at: night.folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        let scan = Scan(
            sha256: Samples.hash("a"), byteCount: 1000,
            image: .init(
                width: 300, height: 200, levels: 1,
                spacing: RecordedSpacing(micrometresPerPixel: 2, source: .manifest), format: "stripped 8-bit RGB"))
        try store.record(
            AnalysisRecord(
                run: run, pipeline: Samples.hash("f"),
                subject: .scan(
                    scan, sightings: [Samples.sighting("P1/a.tif")], outcome: Samples.done([Samples.region(0)])),
                startedAt: Samples.start, finishedAt: Samples.start))
        try store.finishRun(run, ending: .completed, at: Samples.start + 60, counts: Samples.counts)
        #expect(try store.findings().count == 1)
        #expect(try store.verify().irregularities == [])
    }

    @Test func aRunThatWasCutShortIsNoTampering() throws {
        let store = try FindingStore.openForWriting(at: night.folder.database)
        let run = try store.beginRun(Samples.run, pipeline: Samples.pipeline())
        try store.recordSightings(
            [(scan: Samples.hash("a"), sighting: Samples.sighting("P1/a.tif"))], run: run)
        let verification = try night.verify()
        #expect(verification.irregularities == [])
        #expect(verification.remarks.count == 1)
        withExtendedLifetime(store) {}
    }
}
