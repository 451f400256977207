import GRDB

/// Within which outlines an analysis looked, where it did not look everywhere.
func recordOutlines(_ db: Database) throws {
    try db.execute(
        sql: """
            CREATE TABLE outlines (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                analysis_id INTEGER NOT NULL UNIQUE REFERENCES analyses (id),
                -- Of the corners, by which an analysis within others is another one.
                sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
                corners BLOB NOT NULL
            ) STRICT;
            CREATE TRIGGER outlines_stay BEFORE UPDATE ON outlines
            BEGIN SELECT RAISE(ABORT, 'what is in outlines stays as it is'); END;
            CREATE TRIGGER outlines_go_by_the_chain BEFORE DELETE ON outlines
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in outlines goes only by the chain'); END;
            """)
}
