import Findings
import GRDB

@testable import FindingStore

/// A database as the first released schema held it: one run, one scan with two findings, one failure.
enum FirstSchema {
    static func write(to path: String) throws {
        let store = try FindingStore.openForWriting(at: path, schema: Schema.current.upTo(1))
        try store.write { db in
            let hash = { (digit: Character) in String(repeating: digit, count: 64) }
            try db.execute(
                sql: """
                    INSERT INTO patients VALUES (1, 'P1'), (2, 'P2');
                    INSERT INTO scans VALUES
                        (1, '\(hash("a"))', 1000, 300, 200, 1, 'stripped 8-bit RGB', 0.5, 'ome'),
                        (2, '\(hash("b"))', 1000, NULL, NULL, NULL, NULL, NULL, NULL);
                    INSERT INTO models VALUES (1, '\(hash("1"))');
                    INSERT INTO pipelines VALUES (1, '\(hash("f"))', 'colorectal-biopsy', 'name: x', 'e', 'p', 'i');
                    INSERT INTO pipeline_models VALUES (1, 0, 1, 'segmentation', 'glands.onnx');
                    INSERT INTO runs VALUES (1, 1, '["run","scans"]', 'night', '1.0.0', '2026-01-01T00:00:00.000Z',
                        '2026-01-01T01:00:00.000Z', 'completed', 2, 1, 0, 1, 0);
                    INSERT INTO sightings VALUES (1, '/scans', 'P1/a.tif', 1, 1, 'folder', 1, 1),
                        (2, '/scans', 'P2/b.tif', 2, 2, 'folder', 1, 1);
                    INSERT INTO analyses VALUES
                        (1, 1, 1, 1, NULL, 'done', 'findings', '[]', '{}', NULL, NULL, NULL, 0.5, 'ome',
                            '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:10.000Z'),
                        (2, 1, 1, 2, NULL, 'failed', NULL, NULL, NULL, 'open', 'malformed', 'cut short', NULL, NULL,
                            '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:10.000Z');
                    """)
            for ordinal in 0..<2 {
                let id = FindingID(scan: Samples.hash("a"), pipeline: Samples.hash("f"), ordinal: ordinal)
                try db.execute(
                    sql: """
                        INSERT INTO findings VALUES (?, ?, 1, ?, 'region', 'Polyp', 0.75, 0.9, 10, 20, 5, 4, 12.5, 22, 17,
                            4.25, '{"Polyp":0.75}', '{}', x'010203')
                        """, arguments: [ordinal + 1, id.hexadecimal, ordinal])
            }
        }
        try store.close()
    }
}
