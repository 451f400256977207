import Findings
import FoundationEssentials
import GRDB
import Listings

/// The rows that go with a patient.
///
/// A scan goes unless another patient has it now. A patient who had it by mistake, before it was put right, is not
/// asked: with the scan goes that old sighting, or the mistake would come back.
struct ErasurePlan {
    let patient: String
    let scans: [Int64]
    let sightings: [Int64]
    let analyses: [Int64]
    let reaffirmations: [Int64]
    let embeddings: [Int64]
    let departures: [Int64]
    let stamps: [Int64]
    let acceptances: [Int64]
    /// Of the scans that go, and others that name the patient.
    let labels: [Int64]
    let outlines: [Int64]
    let thumbnails: [Int64]
    let heatMaps: [Int64]
    let findingCount: Int
    let keptScanCount: Int
    /// By run, the arguments without those that name the patient or one of the files.
    let redactions: [(run: Int64, arguments: String)]

    /// Nil where there is no such patient.
    init?(patient: String, _ db: Database) throws {
        guard let (id, patient) = try knownPatient(patient, db) else { return nil }
        self.patient = patient
        let ownScans = try Int64.fetchAll(
            db, sql: "SELECT DISTINCT scan_id FROM sightings WHERE patient_id = ? AND scan_id IS NOT NULL ORDER BY 1",
            arguments: [id])
        scans = try ownScans.filter { scan in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM attributions WHERE scan_id = ? AND patient_id <> ?)",
                arguments: [scan, id]) != true
        }
        keptScanCount = ownScans.count - scans.count
        func select(_ column: String, _ table: String, _ condition: String) throws -> [Int64] {
            try Int64.fetchAll(
                db, sql: "SELECT DISTINCT \(column) FROM \(table) WHERE \(condition) ORDER BY 1", arguments: [id])
        }
        let doomed = list(scans)
        let sightings = try select("id", "sightings", "patient_id = ? OR scan_id IN (\(doomed))")
        self.sightings = sightings
        analyses = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM analyses WHERE scan_id IN (\(doomed)) OR sighting_id IN (\(list(sightings))) ORDER BY id
                """)
        let ofAnalyses = "analysis_id IN (\(list(analyses)))"
        reaffirmations = try Int64.fetchAll(db, sql: "SELECT id FROM reaffirmations WHERE \(ofAnalyses) ORDER BY id")
        embeddings = try Int64.fetchAll(db, sql: "SELECT id FROM embeddings WHERE \(ofAnalyses) ORDER BY id")
        departures = try Int64.fetchAll(
            db, sql: "SELECT id FROM departures WHERE sighting_id IN (\(list(sightings))) ORDER BY id")
        acceptances = try Int64.fetchAll(
            db, sql: "SELECT id FROM acceptances WHERE scan_id IN (\(doomed)) ORDER BY id")
        thumbnails = try Int64.fetchAll(
            db, sql: "SELECT id FROM thumbnails WHERE scan_id IN (\(doomed)) ORDER BY id")
        heatMaps = try Int64.fetchAll(db, sql: "SELECT id FROM heat_maps WHERE \(ofAnalyses) ORDER BY id")
        stamps = try Int64.fetchAll(
            db,
            sql: """
                SELECT id FROM file_stamps WHERE sha256 IN (SELECT sha256 FROM scans WHERE id IN (\(doomed))) ORDER BY id
                """)
        outlines = try Int64.fetchAll(db, sql: "SELECT id FROM outlines WHERE \(ofAnalyses) ORDER BY id")
        labels = try Int64.fetchAll(
            db, sql: "SELECT id FROM labels WHERE scan_id IN (\(doomed)) OR instr(codes, ?) ORDER BY id",
            arguments: [patient])
        findingCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM findings WHERE \(ofAnalyses)") ?? 0
        redactions = try ArgumentRedaction(patient: patient, sightings: sightings, db).redactions(db)
    }

    /// The ids of the findings that go.
    func findings(_ db: Database) throws -> Set<FindingID> {
        let ids = try String.fetchAll(
            db, sql: "SELECT finding_id FROM findings WHERE analysis_id IN (\(list(analyses)))")
        return Set(ids.compactMap { FindingID(hexadecimal: $0) })
    }

    /// Erases the rows; the chain says so first.
    func carryOut(_ db: Database) throws {
        try Erasure.erase(
            [
                .sighting: sightings, .analysis: analyses, .reaffirmation: reaffirmations, .embedding: embeddings,
                .departure: departures, .stamp: stamps, .acceptance: acceptances, .label: labels,
                .outlines: outlines, .thumbnail: thumbnails, .heatMap: heatMaps,
            ], as: .deletion,
            details: [JSONValue.Member("patient", PatientMark(of: patient).json)], db
        ) {
            for statement in [
                "DELETE FROM reaffirmations WHERE id IN (\(list(reaffirmations)))",
                "DELETE FROM departures WHERE id IN (\(list(departures)))",
                "DELETE FROM outlines WHERE id IN (\(list(outlines)))",
                "DELETE FROM heat_maps WHERE id IN (\(list(heatMaps)))",
                "DELETE FROM thumbnails WHERE id IN (\(list(thumbnails)))",
                "DELETE FROM embeddings WHERE id IN (\(list(embeddings)))",
                "DELETE FROM analyses WHERE id IN (\(list(analyses)))",
                "DELETE FROM acceptances WHERE id IN (\(list(acceptances)))",
                "DELETE FROM labels WHERE id IN (\(list(labels)))",
                "DELETE FROM file_stamps WHERE id IN (\(list(stamps)))",
                "DELETE FROM sightings WHERE id IN (\(list(sightings)))",
                "DELETE FROM scans WHERE id IN (\(list(scans)))",
                "DELETE FROM patients WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE patient_id = patients.id)",
            ] {
                try db.execute(sql: statement)
            }
            for redaction in redactions {
                try db.execute(
                    sql: "UPDATE runs SET arguments = ?, salt = randomblob(16) WHERE id = ?",
                    arguments: [redaction.arguments, redaction.run])
            }
        }
        for redaction in redactions { try AuditChain.vouch(.run, for: redaction.run, db) }
        try AuditChain.vouchForCatalogue(db)
    }
}

/// Finds what names a patient in the arguments of runs.
private struct ArgumentRedaction {
    private let names: Set<String>

    private static let replacement = "(erased)"
    /// Shorter ids are in too many words to look for them everywhere.
    private static let searchableLength = 4

    init(patient: String, sightings: [Int64], _ db: Database) throws {
        let doomed = list(sightings)
        var names: Set<String> = []
        let rows = try Row.fetchCursor(db, sql: "SELECT folder, path FROM sightings WHERE id IN (\(doomed))")
        while let row = try rows.next() { names.formUnion(Self.names(row)) }
        // Folders that others' files lie in too say nothing of the patient.
        let others = try Row.fetchCursor(db, sql: "SELECT folder, path FROM sightings WHERE id NOT IN (\(doomed))")
        while !names.isEmpty, let row = try others.next() { names.subtract(Self.names(row)) }
        self.names = names.union([patient])
    }

    /// The file's, and those of the folders on the way to it.
    private static func names(_ row: Row) -> [String] {
        [row["folder"] as String, row["path"] as String].flatMap { $0.split(separator: "/").map(String.init) }
    }

    func redactions(_ db: Database) throws -> [(run: Int64, arguments: String)] {
        var redactions: [(run: Int64, arguments: String)] = []
        let rows = try Row.fetchCursor(db, sql: "SELECT id, arguments FROM runs ORDER BY id")
        while let row = try rows.next() {
            let arguments = try row.texts("arguments")
            let kept = arguments.map { isAbout($0) ? Self.replacement : $0 }
            if kept != arguments { redactions.append((try row.integer("id"), JSONValue.texts(kept).compact)) }
        }
        return redactions
    }

    private func isAbout(_ argument: String) -> Bool {
        names.contains { name in
            name.utf8.count >= Self.searchableLength
                ? argument.contains(name) : argument.split(separator: "/").contains(Substring(name))
        }
    }
}

/// Numbers of rows for an IN: they come from the database itself, and there may be more than a statement binds.
private func list(_ ids: [Int64]) -> String { ids.map(String.init).joined(separator: ",") }
