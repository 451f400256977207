import GRDB

/// An edited stamp would give a file the findings of another scan.
func vouchForFileStamps(_ db: Database) throws {
    try db.execute(
        sql: """
            CREATE TABLE vouched_file_stamps (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                device INTEGER NOT NULL,
                inode INTEGER NOT NULL,
                byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
                modified_ns INTEGER NOT NULL,
                changed_ns INTEGER NOT NULL,
                sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
                UNIQUE (device, inode)
            ) STRICT;
            INSERT INTO vouched_file_stamps (device, inode, byte_count, modified_ns, changed_ns, sha256)
                SELECT device, inode, byte_count, modified_ns, changed_ns, sha256 FROM file_stamps
                ORDER BY device, inode;
            DROP TABLE file_stamps;
            -- Spares reading files that did not change: what the file system said of a file when it had these bytes.
            ALTER TABLE vouched_file_stamps RENAME TO file_stamps;
            CREATE TRIGGER file_stamps_go_by_the_chain BEFORE DELETE ON file_stamps
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in file_stamps goes only by the chain'); END;
            """)
    let stamps = try Row.fetchCursor(
        db,
        sql: "SELECT id, device, inode, byte_count, modified_ns, changed_ns, sha256 FROM file_stamps ORDER BY id")
    while let stamp = try stamps.next() {
        var hasher = FrozenHasher(domain: "scanreport stamp 1")
        hasher.append(stamp.databaseValues.dropFirst())
        try AdoptionOfVersion2.append("stamp", subject: stamp["id"], digest: hasher.finish(), db)
    }
}

/// Failures that a person has accepted.
func keepAcceptances(_ db: Database) throws {
    try db.execute(
        sql: """
            -- A person knows that this pipeline fails on this scan, and that it is not tried any more.
            CREATE TABLE acceptances (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                scan_id INTEGER NOT NULL REFERENCES scans (id),
                pipeline_id INTEGER NOT NULL REFERENCES pipelines (id),
                run_id INTEGER NOT NULL REFERENCES runs (id),
                UNIQUE (scan_id, pipeline_id)
            ) STRICT;
            CREATE INDEX acceptances_by_run ON acceptances (run_id);
            CREATE INDEX acceptances_by_pipeline ON acceptances (pipeline_id);
            CREATE TRIGGER acceptances_stay BEFORE UPDATE ON acceptances
            BEGIN SELECT RAISE(ABORT, 'what is in acceptances stays as it is'); END;
            CREATE TRIGGER acceptances_go_by_the_chain BEFORE DELETE ON acceptances
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in acceptances goes only by the chain'); END;
            """)
}
