import GRDB

/// Small pictures of scans, and the grades of their tiles.
func keepIllustrations(_ db: Database) throws {
    try db.execute(
        sql: """
            -- A small picture of each of a scan's images, as a JPEG file.
            CREATE TABLE thumbnails (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                scan_id INTEGER NOT NULL REFERENCES scans (id),
                image INTEGER NOT NULL CHECK (image >= 0),
                width INTEGER NOT NULL CHECK (width BETWEEN 1 AND 1024),
                height INTEGER NOT NULL CHECK (height BETWEEN 1 AND 1024),
                jpeg BLOB NOT NULL CHECK (length(jpeg) <= 1048576),
                UNIQUE (scan_id, image)
            ) STRICT;

            -- What a classification stage thought of each tile that it graded.
            CREATE TABLE heat_maps (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                analysis_id INTEGER NOT NULL REFERENCES analyses (id),
                image INTEGER NOT NULL CHECK (image >= 0),
                stage TEXT NOT NULL CHECK (stage <> ''),
                classes TEXT NOT NULL CHECK (json_type(classes) = 'array'),
                -- First level-0 pixel and the one behind the last, of each column and each row of tiles.
                columns TEXT NOT NULL CHECK (json_type(columns) = 'array'),
                rows TEXT NOT NULL CHECK (json_type(rows) = 'array'),
                -- A bit a tile in row-major order, the lowest of a byte first: whether it was graded.
                graded BLOB NOT NULL,
                -- For each tile that was graded, a byte a class: its probability times 255.
                levels BLOB NOT NULL CHECK (length(levels) <= 8388608),
                UNIQUE (analysis_id, image, stage)
            ) STRICT;

            CREATE TRIGGER thumbnails_stay BEFORE UPDATE ON thumbnails
            BEGIN SELECT RAISE(ABORT, 'what is in thumbnails stays as it is'); END;
            CREATE TRIGGER thumbnails_go_by_the_chain BEFORE DELETE ON thumbnails
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in thumbnails goes only by the chain'); END;
            CREATE TRIGGER heat_maps_stay BEFORE UPDATE ON heat_maps
            BEGIN SELECT RAISE(ABORT, 'what is in heat_maps stays as it is'); END;
            CREATE TRIGGER heat_maps_go_by_the_chain BEFORE DELETE ON heat_maps
            WHEN NOT EXISTS (SELECT 1 FROM erasure)
            BEGIN SELECT RAISE(ABORT, 'what is in heat_maps goes only by the chain'); END;
            """)
}
