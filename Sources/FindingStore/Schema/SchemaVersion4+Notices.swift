import GRDB

/// What a run said that a person should know: what it left out, and why.
func keepNotices(_ db: Database) throws {
    try db.execute(
        sql: """
            -- Sentences with counts, without patient data, in the order in which the run's summary has them.
            CREATE TABLE run_notices (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                run_id INTEGER NOT NULL REFERENCES runs (id),
                sentence TEXT NOT NULL CHECK (sentence <> '')
            ) STRICT;
            CREATE INDEX run_notices_by_run ON run_notices (run_id);
            CREATE TRIGGER run_notices_stay BEFORE UPDATE ON run_notices
            BEGIN SELECT RAISE(ABORT, 'what is in run_notices stays as it is'); END;
            CREATE TRIGGER run_notices_are_kept BEFORE DELETE ON run_notices
            BEGIN SELECT RAISE(ABORT, 'what is in run_notices is kept'); END;
            """)
}
