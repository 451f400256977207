import FoundationEssentials
import GRDB
import Listings

/// Whether every row is what its entry in the audit chain vouches for, and none is without an entry.
struct RowInspection {
    private let db: Database
    private let schema: Schema
    /// By event and row, the last entry that erased it.
    private let erasures: [AuditEvent: [Int64: Int64]]

    init(_ db: Database, schema: Schema) throws {
        self.db = db
        self.schema = schema
        erasures = try Erasure.erasedRows(db)
    }

    func inspect(_ irregularities: inout Irregularities) throws {
        try inspectEntries(&irregularities)
        // A database of schema 2 that is only read knows of no departures.
        let tables = try self.tables + (db.tableExists("departures") ? [(.departure, "departures")] : [])
        for (event, table) in tables { try inspectUnvouched(event, table, &irregularities) }
        if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM erasure)") == true {
            irregularities.note("table erasure", "it is not empty: rows can be deleted that should not")
        }
    }

    /// What has a row that an entry vouches for.
    private var tables: [(event: AuditEvent, rows: String)] {
        let old: [(AuditEvent, String)] = [
            (.pipeline, "pipelines"), (.run, "runs"), (.runEnd, "runs WHERE ending IS NOT NULL"),
            (.sighting, "sightings"), (.analysis, "analyses"), (.reaffirmation, "reaffirmations"),
        ]
        guard schema.version >= Schema.firstWithVouchedStamps else { return old }
        let stamped = old + [(.stamp, "file_stamps"), (.acceptance, "acceptances")]
        guard schema.version >= Schema.firstWithLabels else { return stamped }
        return stamped + [
            (.label, "labels"), (.outlines, "outlines"), (.thumbnail, "thumbnails"), (.heatMap, "heat_maps"),
            (.notice, "run_notices"), (.embedding, "embeddings"),
        ]
    }

    private func inspectEntries(_ irregularities: inout Irregularities) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT seq, event, subject, digest, parts FROM audit a
                WHERE subject IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM audit n WHERE n.event = a.event AND n.subject = a.subject AND n.seq > a.seq)
                ORDER BY seq
                """)
        while let row = try rows.next() {
            // What cannot be read is an irregularity of the chain already.
            guard let event = AuditEvent(rawValue: try row.text("event")), let digest = try? row.hash("digest") else {
                continue
            }
            let (entry, subject) = (try row.integer("seq"), try row.integer("subject"))
            let erasure = erasures[event]?[subject].flatMap { $0 > entry ? $0 : nil }
            let found = try RowDigest(event, of: subject, db)
            switch (found, erasure) {
            case (nil, nil):
                irregularities.note(
                    "\(event.rawValue) \(subject)", "it is missing: audit entry \(entry) vouches for it")
            case (_?, let erasure?):
                irregularities.note(
                    "\(event.rawValue) \(subject)", "it is there, though audit entry \(erasure) erased it")
            case (let found?, nil) where found.hash != digest:
                let place = try place(event, subject)
                let what = difference(of: found, from: try row.optionalBytes("parts"), event)
                irregularities.note(place, "\(what) not what audit entry \(entry) vouches for")
            default: break
            }
        }
    }

    private func inspectUnvouched(
        _ event: AuditEvent, _ table: String, _ irregularities: inout Irregularities
    ) throws {
        let rows = try Int64.fetchCursor(
            db,
            sql: """
                SELECT id FROM (SELECT id FROM \(table)) AS t
                WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.event = ? AND a.subject = t.id) ORDER BY id
                """, arguments: [event.rawValue])
        while let id = try rows.next() {
            irregularities.note(try place(event, id), "no entry of the audit chain vouches for it")
        }
    }

    private func place(_ event: AuditEvent, _ subject: Int64) throws -> String {
        guard event == .analysis else { return "\(event.rawValue) \(subject)" }
        let scan = try String.fetchOne(
            db, sql: "SELECT s.sha256 FROM analyses a JOIN scans s ON s.id = a.scan_id WHERE a.id = ?",
            arguments: [subject])
        return "analysis \(subject)" + (scan.map { " of scan \($0.prefix(8).description.printable)" } ?? "")
    }

    /// Which of an analysis' findings are not what they were, as far as their hashes tell.
    private func difference(of found: RowDigest, from recorded: Data?, _ event: AuditEvent) -> String {
        guard event == .analysis, let recorded, let parts = found.parts else { return "it is" }
        let (before, now) = (split(recorded), split(parts))
        if before == now { return "it is" }
        if now.count < before.count { return "\(before.count - now.count) of its findings are missing: they are" }
        if now.count > before.count { return "\(now.count - before.count) of its findings were added: they are" }
        let changed = before.indices.filter { before[$0] != now[$0] }
        let places = changed.prefix(5).map { String($0 + 1) }.joined(separator: ", ")
        return "its finding \(places)\(changed.count > 5 ? " and more" : "") (in order, from 1) is"
    }

    private func split(_ parts: Data) -> [Data] {
        stride(from: parts.startIndex, to: parts.endIndex, by: RowDigest.partLength)
            .map { parts[$0..<min($0 + RowDigest.partLength, parts.endIndex)] }
    }
}
