import GRDB

/// Vectors that networks made of parts of scans, some thousand in a row.
func keepEmbeddings(_ db: Database) throws {
    try db.execute(
        sql: """
            CREATE TABLE embeddings (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                analysis_id INTEGER NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
                -- Of the pipeline.
                stage TEXT NOT NULL CHECK (stage <> ''),
                -- Vectors of one space can be compared: the hash of the model, and of how it is shown pictures.
                space TEXT NOT NULL CHECK (length(space) = 64 AND space NOT GLOB '*[^0-9a-f]*'),
                -- What each vector is of.
                unit TEXT NOT NULL CHECK (unit <> '' AND unit NOT GLOB '*[^a-z-]*'),
                -- Which of the file's images, from 0.
                image INTEGER NOT NULL CHECK (image >= 0),
                dimension INTEGER NOT NULL CHECK (dimension BETWEEN 1 AND 4096),
                -- A signed byte an element, one vector after the other; only their directions mean something.
                vectors BLOB NOT NULL CHECK (length(vectors) > 0 AND length(vectors) % dimension = 0),
                -- Of each vector, as 32-bit numbers, the least significant byte first: the ordinal of its finding or -1,
                -- and x, y, width and height at level 0.
                places BLOB NOT NULL CHECK (length(places) * dimension = 20 * length(vectors))
            ) STRICT;
            CREATE INDEX embeddings_by_analysis ON embeddings (analysis_id);
            CREATE INDEX embeddings_by_space ON embeddings (space, unit);

            CREATE TRIGGER embeddings_need_an_analysis_with_findings BEFORE INSERT ON embeddings
            WHEN (SELECT status FROM analyses WHERE id = NEW.analysis_id) IS NOT 'findings'
            BEGIN SELECT RAISE(ABORT, 'only an analysis with findings has vectors'); END;
            CREATE TRIGGER embeddings_stay BEFORE UPDATE ON embeddings
            BEGIN SELECT RAISE(ABORT, 'what is in embeddings stays as it is'); END;
            CREATE TRIGGER embeddings_go_by_the_chain BEFORE DELETE ON embeddings
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in embeddings goes only by the chain'); END;
            """)
}
