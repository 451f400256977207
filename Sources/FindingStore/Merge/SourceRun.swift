import Findings
import GRDB
import Listings

/// A run of a database that is to be merged.
struct SourceRun {
    let id: Int64
    let origin: ContentHash
    /// When it began, and no sooner than those before it in its database: a clock may have been set back.
    let startedAt: String
    let pipeline: PipelineIdentity
    /// The rest of its row.
    let row: Row

    static let columns = """
        arguments, host, program_version, started_at, finished_at, ending, found, done, skipped, failed, left_over, salt
        """

    static func all(of store: FindingStore) throws(StoreError) -> [SourceRun] {
        let pipelines = Dictionary(
            try store.pipelines().map { ($0.pipeline.sha256, $0.pipeline) }, uniquingKeysWith: { first, _ in first })
        return try store.read { db in
            let origins = try RunOrigins(db)
            var latest = ""
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT r.id AS run, p.sha256, \(columns) FROM runs r JOIN pipelines p ON p.id = r.pipeline_id
                    ORDER BY r.id
                    """
            ).map { row in
                let id = try row.integer("run")
                guard let pipeline = pipelines[try row.hash("sha256")], let origin = origins.ofRuns[id] else {
                    throw DamagedRow(column: "pipeline_id")
                }
                latest = max(latest, try row.text("started_at"))
                return SourceRun(id: id, origin: origin, startedAt: latest, pipeline: pipeline, row: row)
            }
        }
    }
}

/// What a run is known by in whatever database it is: the hash of the entry that first vouched for it, in the database that
/// it wrote. Neither its row nor its number serves: erasing a patient changes the one, merging the other.
struct RunOrigins {
    private(set) var ofRuns: [Int64: ContentHash] = [:]
    private(set) var runs: [ContentHash: Int64] = [:]

    init(_ db: Database) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT subject, ifnull(json_extract(details, '$.origin'), hash) AS origin FROM audit
                WHERE event = 'run' AND subject IS NOT NULL ORDER BY seq
                """)
        while let row = try rows.next() {
            let (run, origin) = (try row.integer("subject"), try row.hash("origin"))
            guard ofRuns[run] == nil else { continue }
            ofRuns[run] = origin
            runs[origin] = run
        }
    }
}

extension FindingStore {
    /// Records the runs of all sources in the order in which they began, whatever the order of the sources: of two, the
    /// later one's analysis of a scan counts.
    ///
    /// - Returns: by source, the numbers that its runs have here by those that they have there.
    func recordRuns(of sources: [VerifiedSource]) throws(StoreError) -> [[Int64: Int64]] {
        try write { db in
            var known = try RunOrigins(db).runs
            let runs = sources.flatMap(\.runs).sorted {
                ($0.startedAt, $0.origin.hexadecimal) < ($1.startedAt, $1.origin.hexadecimal)
            }
            for run in runs where known[run.origin] == nil {
                known[run.origin] = try insert(run, db)
            }
            return sources.map { source in
                Dictionary(
                    source.runs.compactMap { run in known[run.origin].map { (run.id, $0) } },
                    uniquingKeysWith: { first, _ in first })
            }
        }
    }

    private func insert(_ run: SourceRun, _ db: Database) throws -> Int64 {
        let pipeline = try recordPipeline(run.pipeline, db)
        // Behind the run's number and its pipeline's hash.
        let values = Array(run.row.databaseValues).dropFirst(2)
        try db.execute(
            sql: """
                INSERT INTO runs (pipeline_id, \(SourceRun.columns)) VALUES (?\(String(repeating: ", ?", count: values.count)))
                """, arguments: StatementArguments([pipeline.databaseValue] + values))
        let id = db.lastInsertedRowID
        var chain = try ChainWriter(db)
        try chain.vouch(.run, for: id, details: .object(["origin": .text(run.origin.hexadecimal)]))
        if !(run.row["ending"] as DatabaseValue).isNull { try chain.vouch(.runEnd, for: id) }
        return id
    }
}
