import GRDB

/// Findings of further kinds and of further images of a file, and sources of a patient's id that may grow.
@Sendable func createVersion3(_ db: Database) throws {
    for change in [
        widenKinds, openPatientSources, recordDepartures, vouchForFileStamps, keepAcceptances, addViewsForPeople,
    ] {
        try change(db)
    }
}

/// Kinds `object`, `tile` and `artefact` beside `region` and `scan`, and the image that a finding is in.
///
/// SQLite changes no CHECK of a table: the table is made anew with the same rows, which the audit chain goes on to vouch
/// for.
private func widenKinds(_ db: Database) throws {
    try db.execute(
        sql: """
            CREATE TABLE new_findings (
                id INTEGER PRIMARY KEY,
                finding_id TEXT NOT NULL UNIQUE CHECK (length(finding_id) = 32 AND finding_id NOT GLOB '*[^0-9a-f]*'),
                analysis_id INTEGER NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
                ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
                kind TEXT NOT NULL CHECK (kind IN ('region', 'object', 'tile', 'scan', 'artefact')),
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
                -- The exact pixels of a region, an artefact, or an object that has an outline, as run lengths.
                geometry BLOB,
                -- Which of the file's images, from 0.
                image INTEGER NOT NULL DEFAULT 0 CHECK (image >= 0),
                UNIQUE (analysis_id, ordinal),
                CHECK (kind <> 'region' OR (geometry IS NOT NULL AND area_px IS NOT NULL)),
                CHECK (kind NOT IN ('tile', 'scan') OR (geometry IS NULL AND area_px IS NULL)),
                CHECK (area_px IS NOT NULL OR area_um2 IS NULL)
            ) STRICT;
            INSERT INTO new_findings
            SELECT id, finding_id, analysis_id, ordinal, kind, label, confidence, raw_confidence, x, y, width, height,
                centroid_x, centroid_y, area_px, area_um2, probabilities, measurements, geometry, 0
            FROM findings ORDER BY id;
            DROP TABLE findings;
            ALTER TABLE new_findings RENAME TO findings;
            CREATE INDEX findings_in_order ON findings (analysis_id, image, kind, y, x, ordinal);

            CREATE TRIGGER findings_need_an_analysis_with_findings BEFORE INSERT ON findings
            WHEN (SELECT status FROM analyses WHERE id = NEW.analysis_id) IS NOT 'findings'
            BEGIN SELECT RAISE(ABORT, 'only an analysis with findings has findings'); END;
            CREATE TRIGGER findings_stay BEFORE UPDATE ON findings
            BEGIN SELECT RAISE(ABORT, 'what is in findings stays as it is'); END;
            CREATE TRIGGER findings_go_by_the_chain BEFORE DELETE ON findings
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in findings goes only by the chain'); END;
            """)
}

/// Where a patient's id was read is one of a set that may grow: a new source needs no migration.
private func openPatientSources(_ db: Database) throws {
    try db.execute(
        sql: """
            DROP VIEW attributions;
            DROP VIEW current_sightings;
            CREATE TABLE new_sightings (
                id INTEGER PRIMARY KEY,
                folder TEXT NOT NULL,
                path TEXT NOT NULL CHECK (path <> ''),
                scan_id INTEGER REFERENCES scans (id),
                patient_id INTEGER NOT NULL REFERENCES patients (id),
                patient_source TEXT NOT NULL CHECK (patient_source <> '' AND patient_source NOT GLOB '*[^a-z-]*'),
                first_run_id INTEGER NOT NULL REFERENCES runs (id),
                last_run_id INTEGER NOT NULL REFERENCES runs (id),
                salt BLOB CHECK (length(salt) = 16),
                CHECK (first_run_id <= last_run_id)
            ) STRICT;
            INSERT INTO new_sightings
            SELECT id, folder, path, scan_id, patient_id, patient_source, first_run_id, last_run_id, salt
            FROM sightings ORDER BY id;
            DROP TABLE sightings;
            ALTER TABLE new_sightings RENAME TO sightings;
            CREATE UNIQUE INDEX sightings_identity ON sightings (folder, path, patient_id, ifnull(scan_id, 0));
            CREATE INDEX sightings_by_scan ON sightings (scan_id);
            CREATE INDEX sightings_by_patient ON sightings (patient_id);

            CREATE TRIGGER sightings_go_by_the_chain BEFORE DELETE ON sightings
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in sightings goes only by the chain'); END;
            CREATE TRIGGER sightings_keep_their_file
            BEFORE UPDATE OF id, folder, path, scan_id, patient_id, first_run_id, salt ON sightings
            BEGIN SELECT RAISE(ABORT, 'what was seen stays'); END;

            -- What is true of a file now: of several patients for the same bytes in the same place, the last one named.
            -- A file is replaced where the same place has had other bytes since.
            CREATE VIEW current_sightings AS
            SELECT s.*, EXISTS (
                    SELECT 1 FROM sightings n
                    WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id IS NOT NULL AND n.scan_id IS NOT s.scan_id
                        AND (n.last_run_id > s.last_run_id OR (s.scan_id IS NULL AND n.last_run_id = s.last_run_id))
                ) AS is_replaced
            FROM sightings s
            WHERE NOT EXISTS (
                SELECT 1 FROM sightings n
                WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id IS s.scan_id
                    AND n.last_run_id > s.last_run_id);

            -- Whose a scan is: one row for a patient and a scan, with the place where it was seen last.
            CREATE VIEW attributions AS
            SELECT scan_id, patient_id, patient_source, folder, path, is_replaced, first_run_id, last_run_id
            FROM (
                SELECT *, row_number() OVER (
                        PARTITION BY scan_id, patient_id ORDER BY is_replaced, last_run_id DESC, path, folder) AS place
                FROM current_sightings
                WHERE scan_id IS NOT NULL)
            WHERE place = 1;
            """)
}

/// A scan that was moved to another patient's folder is that one's alone: the file that it was counts no more.
private func recordDepartures(_ db: Database) throws {
    try db.execute(
        sql: """
            -- A run found that a file is gone, whose scan it saw under another patient: since then, the file says nothing
            -- of whose the scan is, until a later run sees it again.
            CREATE TABLE departures (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                sighting_id INTEGER NOT NULL REFERENCES sightings (id),
                run_id INTEGER NOT NULL REFERENCES runs (id),
                UNIQUE (sighting_id, run_id)
            ) STRICT;
            CREATE INDEX departures_by_run ON departures (run_id);
            CREATE TRIGGER departures_stay BEFORE UPDATE ON departures
            BEGIN SELECT RAISE(ABORT, 'what is in departures stays as it is'); END;
            CREATE TRIGGER departures_go_by_the_chain BEFORE DELETE ON departures
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in departures goes only by the chain'); END;

            DROP VIEW current_sightings;
            -- What is true of a file now: of several patients for the same bytes in the same place, the last one named; not
            -- what is gone to another patient. A file is replaced where the same place has had other bytes since.
            CREATE VIEW current_sightings AS
            SELECT s.*, EXISTS (
                    SELECT 1 FROM sightings n
                    WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id IS NOT NULL AND n.scan_id IS NOT s.scan_id
                        AND (n.last_run_id > s.last_run_id OR (s.scan_id IS NULL AND n.last_run_id = s.last_run_id))
                ) AS is_replaced
            FROM sightings s
            WHERE NOT EXISTS (
                SELECT 1 FROM sightings n
                WHERE n.folder = s.folder AND n.path = s.path AND n.scan_id IS s.scan_id
                    AND n.last_run_id > s.last_run_id)
                AND NOT EXISTS (SELECT 1 FROM departures d WHERE d.sighting_id = s.id AND d.run_id > s.last_run_id);
            """)
}
