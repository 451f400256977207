import GRDB

/// The audit chain, the guards of what may not change, and analyses that count again after a roll-back.
@Sendable func createVersion2(_ db: Database) throws {
    for statement in [audit, salts, reaffirmations, analysesInForce, guards] {
        try db.execute(sql: statement)
    }
    // The chain begins with what was there before it.
    try AdoptionOfVersion2.adoptRows(db)
}

private let audit = """
    -- Each entry holds the hash of the one before it, and so of all before it. An entry with a subject vouches for that
    -- row of the table that its event names; the newest such entry counts.
    CREATE TABLE audit (
        seq INTEGER PRIMARY KEY CHECK (seq > 0),
        at TEXT NOT NULL CHECK (at IS strftime('%Y-%m-%dT%H:%M:%fZ', at)),
        event TEXT NOT NULL CHECK (event <> '' AND event NOT GLOB '*[^a-z-]*'),
        subject INTEGER,
        digest TEXT CHECK (length(digest) = 64 AND digest NOT GLOB '*[^0-9a-f]*'),
        parts BLOB CHECK (length(parts) % 8 = 0),
        details TEXT NOT NULL CHECK (json_type(details) = 'object'),
        previous TEXT NOT NULL CHECK (length(previous) = 64 AND previous NOT GLOB '*[^0-9a-f]*'),
        hash TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
        CHECK (subject IS NULL OR digest IS NOT NULL)
    ) STRICT;
    CREATE INDEX audit_by_subject ON audit (event, subject, seq) WHERE subject IS NOT NULL;

    CREATE TRIGGER audit_only_grows_at_its_end BEFORE INSERT ON audit
    WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM audit)
        OR NEW.previous IS NOT ifnull((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
    BEGIN SELECT RAISE(ABORT, 'the audit chain only grows at its end'); END;
    CREATE TRIGGER audit_keeps_its_entries BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit chain keeps its entries'); END;
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit chain keeps its entries'); END;

    -- Holds a row only within a transaction that deletes rows: the chain's entry that says so.
    CREATE TABLE erasure (
        entry INTEGER PRIMARY KEY REFERENCES audit (seq)
    ) STRICT;
    """

private let salts = """
    ALTER TABLE runs ADD COLUMN salt BLOB CHECK (length(salt) = 16);
    ALTER TABLE sightings ADD COLUMN salt BLOB CHECK (length(salt) = 16);
    UPDATE runs SET salt = randomblob(16);
    UPDATE sightings SET salt = randomblob(16);
    """

private let reaffirmations = """
    -- A run found this analysis done when another fingerprint of the pipeline had come after it: it counts again.
    CREATE TABLE reaffirmations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        analysis_id INTEGER NOT NULL REFERENCES analyses (id),
        run_id INTEGER NOT NULL REFERENCES runs (id),
        UNIQUE (analysis_id, run_id)
    ) STRICT;
    CREATE INDEX reaffirmations_by_run ON reaffirmations (run_id);
    """

private let analysesInForce = """
    -- Every analysis with the newest run that stands behind it: that made it, or found it done.
    CREATE VIEW standing_analyses AS
    SELECT a.*, max(a.run_id, ifnull((SELECT max(r.run_id) FROM reaffirmations r WHERE r.analysis_id = a.id), 0))
        AS standing_run_id
    FROM analyses a;

    DROP VIEW judged_analyses;
    -- Every analysis, with whether it is what its scan, or a file that could not be opened, has to show by a pipeline's
    -- name: the newest that is done, and a failure as long as nothing came after it. Newest by the run that stands
    -- behind it, then by id: clocks can be set back.
    CREATE VIEW judged_analyses AS
    SELECT a.*, p.name AS pipeline_name, p.sha256 AS pipeline_sha256, NOT EXISTS (
            SELECT 1 FROM standing_analyses n JOIN pipelines np ON np.id = n.pipeline_id
            WHERE (n.scan_id = a.scan_id OR n.sighting_id = a.sighting_id) AND np.name = p.name
                AND (n.state = 'done' OR a.state = 'failed')
                AND (n.standing_run_id, n.id) > (a.standing_run_id, a.id)
        ) AS is_newest
    FROM standing_analyses a JOIN pipelines p ON p.id = a.pipeline_id;
    """

/// What keeps mistakes out. Whoever can write the file can drop them: `verify` compares them with these.
private let guards =
    ["models", "pipelines", "pipeline_models"].map(keep).joined()
    + ["findings", "analyses", "reaffirmations"].map { stay($0) + eraseOnly($0) }.joined()
    + ["scans", "sightings", "patients"].map(eraseOnly).joined()
        + """
        CREATE TRIGGER runs_are_kept BEFORE DELETE ON runs
        BEGIN SELECT RAISE(ABORT, 'what is in runs is kept'); END;
        CREATE TRIGGER runs_end_once BEFORE UPDATE OF ending, finished_at, found, done, skipped, failed, left_over ON runs
        WHEN OLD.ending IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a run ends once'); END;
        CREATE TRIGGER runs_begin_once BEFORE UPDATE OF id, pipeline_id, host, program_version, started_at ON runs
        BEGIN SELECT RAISE(ABORT, 'how a run began stays'); END;
        CREATE TRIGGER runs_forget_by_the_chain BEFORE UPDATE OF arguments, salt ON runs
        WHEN NOT EXISTS (SELECT 1 FROM erasure)
        BEGIN SELECT RAISE(ABORT, 'how a run began stays'); END;

        CREATE TRIGGER scans_keep_their_bytes BEFORE UPDATE OF id, sha256, byte_count ON scans
        BEGIN SELECT RAISE(ABORT, 'a scan is its bytes'); END;
        CREATE TRIGGER sightings_keep_their_file
        BEFORE UPDATE OF id, folder, path, scan_id, patient_id, first_run_id, salt ON sightings
        BEGIN SELECT RAISE(ABORT, 'what was seen stays'); END;
        CREATE TRIGGER patients_stay BEFORE UPDATE ON patients
        BEGIN SELECT RAISE(ABORT, 'a patient stays the same'); END;

        """

private func stay(_ table: String) -> String {
    """
    CREATE TRIGGER \(table)_stay BEFORE UPDATE ON \(table)
    BEGIN SELECT RAISE(ABORT, 'what is in \(table) stays as it is'); END;

    """
}

private func keep(_ table: String) -> String {
    stay(table)
        + """
        CREATE TRIGGER \(table)_are_kept BEFORE DELETE ON \(table)
        BEGIN SELECT RAISE(ABORT, 'what is in \(table) is kept'); END;

        """
}

private func eraseOnly(_ table: String) -> String {
    """
    CREATE TRIGGER \(table)_go_by_the_chain BEFORE DELETE ON \(table)
    WHEN NOT EXISTS (SELECT 1 FROM erasure)
    BEGIN SELECT RAISE(ABORT, 'what is in \(table) goes only by the chain'); END;

    """
}
