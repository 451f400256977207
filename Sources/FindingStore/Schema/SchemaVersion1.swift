import GRDB

/// Patients, scans, where they were seen, pipelines, runs, analyses and findings.
///
/// Moments are UTC texts such as `2026-11-22T16:12:40.123Z`; coordinates are level-0 pixels.
@Sendable func createVersion1(_ db: Database) throws {
    for statement in [catalogue, runs, sightings, analyses, findings, views] {
        try db.execute(sql: statement)
    }
}

private func isHash(_ column: String, digits: Int = 64) -> String {
    "CHECK (length(\(column)) = \(digits) AND \(column) NOT GLOB '*[^0-9a-f]*')"
}

private func isMoment(_ column: String) -> String {
    "CHECK (\(column) IS strftime('%Y-%m-%dT%H:%M:%fZ', \(column)))"
}

/// Of a set that may grow: a new code or source of spacing needs no migration.
private func isName(_ column: String) -> String {
    "CHECK (\(column) <> '' AND \(column) NOT GLOB '*[^a-z-]*')"
}

private let catalogue = """
    CREATE TABLE patients (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE CHECK (name <> '')
    ) STRICT;

    CREATE TABLE scans (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE \(isHash("sha256")),
        byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
        -- What the reader makes of the file: all of it, or nothing where it could not be read so far.
        width INTEGER CHECK (width > 0),
        height INTEGER CHECK (height > 0),
        levels INTEGER CHECK (levels > 0),
        format TEXT,
        spacing_um_px REAL CHECK (spacing_um_px > 0 AND spacing_um_px < 1e9),
        spacing_source TEXT \(isName("spacing_source")),
        CHECK ((width IS NULL) = (height IS NULL) AND (width IS NULL) = (levels IS NULL)
            AND (width IS NULL) = (format IS NULL) AND (width IS NULL) = (spacing_source IS NULL)),
        CHECK ((spacing_um_px IS NULL) = (spacing_source IS NULL OR spacing_source = 'unknown'))
    ) STRICT;

    -- Spares reading files that did not change: what the file system said of a file when it had these bytes.
    CREATE TABLE file_stamps (
        device INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
        modified_ns INTEGER NOT NULL,
        changed_ns INTEGER NOT NULL,
        sha256 TEXT NOT NULL \(isHash("sha256")),
        PRIMARY KEY (device, inode)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE models (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE \(isHash("sha256"))
    ) STRICT;

    CREATE TABLE pipelines (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE \(isHash("sha256")),
        name TEXT NOT NULL CHECK (name <> ''),
        definition TEXT NOT NULL,
        engine_version TEXT NOT NULL,
        engine_precision TEXT NOT NULL,
        engine_instruction_set TEXT NOT NULL
    ) STRICT;

    CREATE TABLE pipeline_models (
        pipeline_id INTEGER NOT NULL REFERENCES pipelines (id),
        position INTEGER NOT NULL CHECK (position >= 0),
        model_id INTEGER NOT NULL REFERENCES models (id),
        role TEXT NOT NULL \(isName("role")),
        name TEXT NOT NULL,
        PRIMARY KEY (pipeline_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX pipeline_models_by_model ON pipeline_models (model_id);
    """

private let runs = """
    -- A run without an ending is under way, or was killed.
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        pipeline_id INTEGER NOT NULL REFERENCES pipelines (id),
        arguments TEXT NOT NULL CHECK (json_type(arguments) = 'array'),
        host TEXT NOT NULL,
        program_version TEXT NOT NULL,
        started_at TEXT NOT NULL \(isMoment("started_at")),
        finished_at TEXT \(isMoment("finished_at")),
        ending TEXT CHECK (ending IN ('completed', 'deadline', 'interrupted')),
        found INTEGER CHECK (found >= 0),
        done INTEGER CHECK (done >= 0),
        skipped INTEGER CHECK (skipped >= 0),
        failed INTEGER CHECK (failed >= 0),
        left_over INTEGER CHECK (left_over >= 0),
        CHECK ((ending IS NULL) = (finished_at IS NULL) AND (ending IS NULL) = (found IS NULL)
            AND (ending IS NULL) = (done IS NULL) AND (ending IS NULL) = (skipped IS NULL)
            AND (ending IS NULL) = (failed IS NULL) AND (ending IS NULL) = (left_over IS NULL))
    ) STRICT;
    CREATE INDEX runs_by_pipeline ON runs (pipeline_id);
    """

private let sightings = """
    -- A file that a run saw, and whose it was. Without a scan where the file could not be opened, let alone hashed.
    CREATE TABLE sightings (
        id INTEGER PRIMARY KEY,
        folder TEXT NOT NULL,
        path TEXT NOT NULL CHECK (path <> ''),
        scan_id INTEGER REFERENCES scans (id),
        patient_id INTEGER NOT NULL REFERENCES patients (id),
        patient_source TEXT NOT NULL CHECK (patient_source IN ('manifest', 'pattern', 'folder')),
        first_run_id INTEGER NOT NULL REFERENCES runs (id),
        last_run_id INTEGER NOT NULL REFERENCES runs (id),
        CHECK (first_run_id <= last_run_id)
    ) STRICT;
    CREATE UNIQUE INDEX sightings_identity ON sightings (folder, path, patient_id, ifnull(scan_id, 0));
    CREATE INDEX sightings_by_scan ON sightings (scan_id);
    CREATE INDEX sightings_by_patient ON sightings (patient_id);
    """

private let analyses = """
    CREATE TABLE analyses (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id INTEGER NOT NULL REFERENCES runs (id),
        pipeline_id INTEGER NOT NULL REFERENCES pipelines (id),
        scan_id INTEGER REFERENCES scans (id),
        -- The file, where it could not be opened and so has no scan.
        sighting_id INTEGER REFERENCES sightings (id),
        state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
        status TEXT CHECK (status IN ('findings', 'no-tissue', 'rejected')),
        remarks TEXT CHECK (json_type(remarks) = 'array'),
        quality TEXT CHECK (json_type(quality) = 'object'),
        stage TEXT \(isName("stage")),
        code TEXT \(isName("code")),
        message TEXT,
        -- As it was used for this analysis.
        spacing_um_px REAL CHECK (spacing_um_px > 0 AND spacing_um_px < 1e9),
        spacing_source TEXT \(isName("spacing_source")),
        started_at TEXT NOT NULL \(isMoment("started_at")),
        finished_at TEXT NOT NULL \(isMoment("finished_at")),
        CHECK ((scan_id IS NULL) = (sighting_id IS NOT NULL)),
        CHECK (scan_id IS NOT NULL OR state = 'failed'),
        CHECK ((state = 'done') = (status IS NOT NULL) AND (state = 'done') = (remarks IS NOT NULL)
            AND (state = 'done') = (quality IS NOT NULL)),
        CHECK ((state = 'failed') = (stage IS NOT NULL) AND (state = 'failed') = (code IS NOT NULL)
            AND (state = 'failed') = (message IS NOT NULL))
    ) STRICT;
    -- A scan is done once by a pipeline, whatever kills the batch and whoever runs it again.
    CREATE UNIQUE INDEX analyses_done ON analyses (scan_id, pipeline_id) WHERE state = 'done';
    CREATE INDEX analyses_by_scan ON analyses (scan_id, pipeline_id, id);
    CREATE INDEX analyses_by_sighting ON analyses (sighting_id) WHERE sighting_id IS NOT NULL;
    CREATE INDEX analyses_by_run ON analyses (run_id);
    CREATE INDEX analyses_by_pipeline ON analyses (pipeline_id);
    """

private let findings = """
    CREATE TABLE findings (
        id INTEGER PRIMARY KEY,
        finding_id TEXT NOT NULL UNIQUE \(isHash("finding_id", digits: 32)),
        analysis_id INTEGER NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
        kind TEXT NOT NULL CHECK (kind IN ('region', 'scan')),
        label TEXT NOT NULL CHECK (label <> ''),
        confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
        raw_confidence REAL NOT NULL CHECK (raw_confidence BETWEEN 0 AND 1),
        x INTEGER NOT NULL CHECK (x >= 0),
        y INTEGER NOT NULL CHECK (y >= 0),
        width INTEGER NOT NULL CHECK (width > 0),
        height INTEGER NOT NULL CHECK (height > 0),
        centroid_x REAL NOT NULL CHECK (centroid_x BETWEEN x AND x + width),
        centroid_y REAL NOT NULL CHECK (centroid_y BETWEEN y AND y + height),
        area_px INTEGER CHECK (area_px > 0),
        area_um2 REAL CHECK (area_um2 > 0 AND area_um2 < 1e300),
        probabilities TEXT NOT NULL CHECK (json_type(probabilities) = 'object'),
        measurements TEXT NOT NULL CHECK (json_type(measurements) = 'object'),
        -- The region's exact pixels, as run lengths.
        geometry BLOB,
        UNIQUE (analysis_id, ordinal),
        CHECK ((kind = 'region') = (geometry IS NOT NULL)),
        CHECK ((kind = 'region') = (area_px IS NOT NULL)),
        CHECK (kind = 'region' OR area_um2 IS NULL)
    ) STRICT;
    CREATE INDEX findings_in_order ON findings (analysis_id, kind, y, x, ordinal);

    CREATE TRIGGER findings_need_an_analysis_with_findings BEFORE INSERT ON findings
    WHEN (SELECT status FROM analyses WHERE id = NEW.analysis_id) IS NOT 'findings'
    BEGIN
        SELECT RAISE(ABORT, 'only an analysis with findings has findings');
    END;
    """

private let views = """
    -- What is true of a file now: of several patients for the same bytes in the same place, the last one named. A file
    -- is replaced where the same place has had other bytes since.
    CREATE VIEW current_sightings AS
    SELECT s.*, EXISTS (
            SELECT 1 FROM sightings n
            WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id IS NOT NULL AND n.scan_id IS NOT s.scan_id
                AND (n.last_run_id > s.last_run_id OR (s.scan_id IS NULL AND n.last_run_id = s.last_run_id))
        ) AS is_replaced
    FROM sightings s
    WHERE NOT EXISTS (
        SELECT 1 FROM sightings n
        WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id IS s.scan_id AND n.last_run_id > s.last_run_id);

    -- Whose a scan is: one row for a patient and a scan, with the place where it was seen last.
    CREATE VIEW attributions AS
    SELECT scan_id, patient_id, patient_source, folder, path, is_replaced, first_run_id, last_run_id
    FROM (
        SELECT *, row_number() OVER (
                PARTITION BY scan_id, patient_id ORDER BY is_replaced, last_run_id DESC, path, folder) AS place
        FROM current_sightings
        WHERE scan_id IS NOT NULL)
    WHERE place = 1;

    -- Every analysis, with whether it is what its scan, or a file that could not be opened, has to show by a pipeline's
    -- name: the newest that is done, and a failure as long as nothing came after it. Newest by id: clocks can be set back.
    CREATE VIEW judged_analyses AS
    SELECT a.*, p.name AS pipeline_name, p.sha256 AS pipeline_sha256, NOT EXISTS (
            SELECT 1 FROM analyses n JOIN pipelines np ON np.id = n.pipeline_id
            WHERE (n.scan_id = a.scan_id OR n.sighting_id = a.sighting_id) AND n.id > a.id AND np.name = p.name
                AND (n.state = 'done' OR a.state = 'failed')
        ) AS is_newest
    FROM analyses a JOIN pipelines p ON p.id = a.pipeline_id;
    """
