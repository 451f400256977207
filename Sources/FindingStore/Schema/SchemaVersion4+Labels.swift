import GRDB

/// What the codes on a slide's label say, so that a label is read once, whatever is asked of it later.
func recordLabels(_ db: Database) throws {
    try db.execute(
        sql: """
            CREATE TABLE labels (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                scan_id INTEGER NOT NULL UNIQUE REFERENCES scans (id),
                codes TEXT NOT NULL CHECK (json_type(codes) = 'array'),
                -- So that nobody finds a code by trying all of them against the chain's hash.
                salt BLOB NOT NULL CHECK (length(salt) = 16)
            ) STRICT;
            CREATE TRIGGER labels_stay BEFORE UPDATE ON labels
            BEGIN SELECT RAISE(ABORT, 'what is in labels stays as it is'); END;
            CREATE TRIGGER labels_go_by_the_chain BEFORE DELETE ON labels
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in labels goes only by the chain'); END;
            """)
}
