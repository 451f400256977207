import Findings
import FoundationEssentials
import GRDB

/// What parts of scans are to be similar to.
public enum SimilarityQuestion: Sendable, Hashable {
    case finding(FindingID)
    /// A scan, by its path as it is listed or the first six or more digits of its hash.
    case scan(String)
    /// The tile or region at a pixel of a scan's first image.
    case place(scan: String, x: Int, y: Int)
}

extension FindingStore {
    /// The parts of other scans, and other parts of the same, whose vectors are nearest to that of a finding or a scan: by
    /// falling cosine, exactly, of all that the same stage's model made in analyses that count.
    ///
    /// Reads every vector of the model once (`Benchmarks/similar/run` says how long that takes).
    ///
    /// - Returns: nil where the database holds no vector of what was asked about.
    public func similar(to question: SimilarityQuestion, limit: Int) throws(StoreError) -> [SimilarPart]? {
        try read { db in
            guard schema.version >= Schema.firstWithEmbeddings, let subject = try Subject(question, db) else {
                return nil
            }
            return try subject.nearest(limit, db).elements.map { try SimilarPart($0.similarity, $0.element, db) }
        }
    }
}

/// A vector by its row and its place there.
private struct VectorPlace: Hashable {
    let row: Int64
    let index: Int
}

/// The vector that was asked about, and what it can be compared with.
private struct Subject {
    let place: VectorPlace
    let space: String
    let unit: String
    let vectors: ByteVectors

    init?(_ question: SimilarityQuestion, _ db: Database) throws {
        let rows: RowCursor
        var point: (x: Int, y: Int)?
        switch question {
        case .finding(let id):
            rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT e.*, f.ordinal, f.kind, f.x, f.y, f.width, f.height
                    FROM findings f JOIN embeddings e ON e.analysis_id = f.analysis_id
                    WHERE f.finding_id = ? AND e.unit = f.kind AND e.image = f.image ORDER BY e.id
                    """, arguments: [id.hexadecimal])
        case .scan(let scan): rows = try Self.rows(of: scan, "e.unit = 'scan'", db)
        case .place(let scan, let x, let y):
            point = (x, y)
            rows = try Self.rows(of: scan, "e.unit <> 'scan' AND e.image = 0", db)
        }
        while let row = try rows.next() {
            guard let bytes = try row.optionalBytes("vectors"), let placeBytes = try row.optionalBytes("places") else {
                continue
            }
            let places = try EmbeddingBlock.places(placeBytes)
            let (ordinal, kind) = (try row.optionalInteger("ordinal"), try row.text("kind"))
            let index = try places.firstIndex { place in
                if let point { return place.box.contains(point) }
                switch kind {
                case "region": return place.ordinal.map(Int64.init) == ordinal
                case "scan": return true
                default:
                    let box = place.box
                    return try [("x", box.x), ("y", box.y), ("width", box.width), ("height", box.height)].allSatisfy {
                        try row.integer($0.0) == Int64($0.1)
                    }
                }
            }
            guard let index else { continue }
            let dimension = Int(try row.integer("dimension"))
            guard dimension > 0, bytes.count == places.count * dimension else { throw DamagedRow(column: "vectors") }
            place = VectorPlace(row: try row.integer("id"), index: index)
            (space, unit) = (try row.text("space"), try row.text("unit"))
            vectors = ByteVectors(question: bytes.dropFirst(index * dimension).prefix(dimension))
            return
        }
        return nil
    }

    private static func rows(of scan: String, _ condition: String, _ db: Database) throws -> RowCursor {
        let ids = try scanIDs(scan, db).map(String.init).joined(separator: ",")
        return try Row.fetchCursor(
            db,
            sql: """
                SELECT e.*, NULL AS ordinal, e.unit AS kind
                FROM embeddings e JOIN judged_analyses a ON a.id = e.analysis_id
                WHERE a.scan_id IN (\(ids)) AND a.is_newest AND \(condition) ORDER BY e.id
                """)
    }

    func nearest(_ count: Int, _ db: Database) throws -> Nearest<VectorPlace> {
        var nearest = Nearest<VectorPlace>(limit: count)
        // Once for all, and not for each vector: which count is worked out from all analyses of a scan.
        let counting = try Set(
            Int64.fetchAll(
                db,
                sql: """
                    SELECT a.id FROM judged_analyses a
                    WHERE a.is_newest AND EXISTS (SELECT 1 FROM attributions t WHERE t.scan_id = a.scan_id)
                    """))
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT id, vectors, analysis_id FROM embeddings WHERE space = ? AND unit = ? AND dimension = ? ORDER BY id
                """,
            arguments: [space, unit, vectors.dimension])
        while let row = try rows.next() {
            guard counting.contains(try row.integer("analysis_id")) else { continue }
            let id = try row.integer("id")
            try row.withUnsafeData(atIndex: 1) { bytes in
                bytes?.withUnsafeBytes { bytes in
                    vectors.forEachCosine(bytes) { index, similarity in
                        let found = VectorPlace(row: id, index: index)
                        if found != place { nearest.offer(similarity, found) }
                    }
                }
            }
        }
        return nearest
    }
}

extension Finding.Box {
    fileprivate func contains(_ point: (x: Int, y: Int)) -> Bool {
        (x..<x + width).contains(point.x) && (y..<y + height).contains(point.y)
    }
}

extension SimilarPart {
    fileprivate init(_ similarity: Float, _ found: VectorPlace, _ db: Database) throws {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT e.unit, e.stage, e.analysis_id, substr(e.places, 1 + 20 * ?2, 20) AS place,
                        l.name AS pipeline_name, s.sha256, t.path, p.name AS patient
                    FROM embeddings e JOIN analyses a ON a.id = e.analysis_id JOIN pipelines l ON l.id = a.pipeline_id
                        JOIN scans s ON s.id = a.scan_id JOIN attributions t ON t.scan_id = a.scan_id JOIN patients p ON p.id = t.patient_id
                    WHERE e.id = ?1 ORDER BY p.name, t.path LIMIT 1
                    """), arguments: [found.row, found.index])
        guard let row, let bytes = try row.optionalBytes("place"), let place = try EmbeddingBlock.places(bytes).first
        else { throw DamagedRow(column: "places") }
        let unit: EmbeddingBlock.Unit = try row.name("unit")
        let finding = try place.ordinal.flatMap { ordinal in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT finding_id, label FROM findings WHERE analysis_id = ? AND ordinal = ?"),
                arguments: [try row.integer("analysis_id"), ordinal])
        }
        self.init(
            similarity: min(1, Double(similarity)), patient: try row.text("patient"), scan: try row.text("path"),
            scanSHA256: try row.hash("sha256"), unit: unit, box: place.box,
            finding: try finding.flatMap { FindingID(hexadecimal: try $0.text("finding_id")) },
            label: try finding?.text("label"), pipeline: try row.text("pipeline_name"), stage: try row.text("stage"))
    }
}
