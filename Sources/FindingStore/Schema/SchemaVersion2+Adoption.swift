import Crypto
import FoundationEssentials
import GRDB

/// The audit chain as version 2 began it, with the rows that were there before it.
///
/// A copy of what the program did then, down to the hashes: a released migration calls nothing that changes with the
/// program. `verify` holds these entries against the program of today.
enum AdoptionOfVersion2 {
    static func adoptRows(_ db: Database) throws {
        guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM pipelines)") == true else { return }
        for (event, table) in [
            ("pipeline", "pipelines"), ("run", "runs"), ("sighting", "sightings"), ("analysis", "analyses"),
            ("run-end", "runs WHERE ending IS NOT NULL"),
        ] {
            let ids = try Int64.fetchCursor(db, sql: "SELECT id FROM \(table) ORDER BY id")
            while let id = try ids.next() {
                let (digest, parts) = try digest(event, of: id, db)
                try append(event, subject: id, digest: digest, parts: parts, db)
            }
        }
        try append("catalogue", digest: try catalogueDigest(db), db)
    }

    static func append(
        _ event: String, subject: Int64? = nil, digest: String, parts: Data? = nil, _ db: Database
    ) throws {
        let head = try Row.fetchOne(db, sql: "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        let number: Int64 = (head?["seq"] ?? 0) + 1
        let previous: String = head?["hash"] ?? String(repeating: "0", count: 64)
        let now = try String.fetchOne(db, sql: "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')")
        let values: [(any DatabaseValueConvertible)?] = [number, now, event, subject, digest, parts, "{}", previous]
        var hasher = FrozenHasher(domain: "scanreport audit entry 1")
        hasher.append(values.map { $0?.databaseValue ?? .null })
        try db.execute(
            sql: """
                INSERT INTO audit (seq, at, event, subject, digest, parts, details, previous, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, arguments: StatementArguments(values + [hasher.finish()]))
    }

    private static func digest(_ event: String, of subject: Int64, _ db: Database) throws -> (String, parts: Data?) {
        var hasher = FrozenHasher(domain: "scanreport \(event) 1")
        var parts: Data?
        for row in try Row.fetchAll(db, sql: queries[event] ?? "", arguments: [subject]) {
            hasher.append(row.databaseValues)
        }
        if event == "pipeline" {
            for model in try Row.fetchAll(db, sql: modelsOfPipeline, arguments: [subject]) {
                hasher.append(model.databaseValues)
            }
        }
        if event == "analysis" {
            var starts = Data()
            let findings = try Row.fetchCursor(db, sql: findingsOfAnalysis, arguments: [subject])
            while let finding = try findings.next() {
                var one = FrozenHasher(domain: "scanreport finding 1")
                one.append(finding.databaseValues)
                let bytes = one.digest()
                hasher.append([hexadecimal(bytes).databaseValue])
                starts += bytes.prefix(8)
            }
            parts = starts
        }
        return (hasher.finish(), parts)
    }

    private static func catalogueDigest(_ db: Database) throws -> String {
        var hasher = FrozenHasher(domain: "scanreport catalogue 1")
        for query in catalogueQueries {
            let rows = try Row.fetchCursor(db, sql: query)
            while let row = try rows.next() { hasher.append(row.databaseValues) }
            hasher.append([.null])
        }
        return hasher.finish()
    }

    private static let queries = [
        "pipeline": """
        SELECT sha256, name, definition, engine_version, engine_precision, engine_instruction_set
        FROM pipelines WHERE id = ?
        """,
        "run": """
        SELECT p.sha256, r.arguments, r.host, r.program_version, r.started_at, r.salt
        FROM runs r JOIN pipelines p ON p.id = r.pipeline_id WHERE r.id = ?
        """,
        "run-end": "SELECT id, ending, finished_at, found, done, skipped, failed, left_over FROM runs WHERE id = ?",
        "sighting": """
        SELECT v.folder, v.path, s.sha256, p.name, v.first_run_id, v.salt
        FROM sightings v JOIN patients p ON p.id = v.patient_id LEFT JOIN scans s ON s.id = v.scan_id
        WHERE v.id = ?
        """,
        "analysis": """
        SELECT a.run_id, p.sha256, s.sha256, s.byte_count, a.sighting_id, a.state, a.status, a.remarks, a.quality,
            a.stage, a.code, a.message, a.spacing_um_px, a.spacing_source, a.started_at, a.finished_at
        FROM analyses a JOIN pipelines p ON p.id = a.pipeline_id LEFT JOIN scans s ON s.id = a.scan_id
        WHERE a.id = ?
        """,
    ]

    private static let modelsOfPipeline = """
        SELECT u.position, u.role, u.name, m.sha256 FROM pipeline_models u JOIN models m ON m.id = u.model_id
        WHERE u.pipeline_id = ? ORDER BY u.position
        """

    private static let findingsOfAnalysis = """
        SELECT finding_id, ordinal, kind, label, confidence, raw_confidence, x, y, width, height, centroid_x, centroid_y,
            area_px, area_um2, probabilities, measurements, geometry
        FROM findings WHERE analysis_id = ? ORDER BY ordinal
        """

    private static let catalogueQueries = [
        """
        SELECT id, sha256, byte_count, width, height, levels, format, spacing_um_px, spacing_source FROM scans ORDER BY id
        """,
        """
        SELECT id, scan_id, patient_id, patient_source, first_run_id, last_run_id, salt FROM sightings ORDER BY id
        """,
    ]
}

/// `RowHasher` as it was then.
struct FrozenHasher {
    private var hasher = SHA256()

    init(domain: String) {
        append([domain.databaseValue])
    }

    mutating func append(_ values: some Sequence<DatabaseValue>) {
        var bytes: [UInt8] = []
        for value in values { Self.encode(value, into: &bytes) }
        hasher.update(data: bytes)
    }

    func digest() -> [UInt8] { Array(hasher.finalize()) }
    func finish() -> String { hexadecimal(digest()) }

    private static func encode(_ value: DatabaseValue, into bytes: inout [UInt8]) {
        func append(_ number: UInt64) {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        switch value.storage {
        case .null:
            bytes.append(0)
        case .int64(let integer):
            bytes.append(1)
            append(UInt64(bitPattern: integer))
        case .double(let number):
            bytes.append(2)
            append(number.bitPattern)
        case .string(let text):
            bytes.append(3)
            append(UInt64(text.utf8.count))
            bytes += text.utf8
        case .blob(let blob):
            bytes.append(4)
            append(UInt64(blob.count))
            bytes += blob
        }
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
