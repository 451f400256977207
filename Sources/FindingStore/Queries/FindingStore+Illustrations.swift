import Findings
import GRDB
import Listings

extension FindingStore {
    /// The small picture of one of a scan's images; nil where none was kept.
    public func thumbnail(of scan: ContentHash, image: Int = 0) throws(StoreError) -> Thumbnail? {
        guard schema.version >= Schema.firstWithIllustrations else { return nil }
        return try read { db in
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT t.image, t.width, t.height, t.jpeg FROM thumbnails t JOIN scans s ON s.id = t.scan_id
                        WHERE s.sha256 = ? AND t.image = ?
                        """), arguments: [scan.hexadecimal, image])
            guard let row else { return nil }
            guard let jpeg = try row.optionalBytes("jpeg"),
                let thumbnail = Thumbnail(
                    image: image, width: Int(try row.integer("width")), height: Int(try row.integer("height")),
                    jpeg: jpeg)
            else { throw DamagedRow(column: "jpeg") }
            return thumbnail
        }
    }

    /// What each classification stage of an analysis thought of the tiles that it graded; empty where that was not kept.
    public func heatMaps(ofAnalysis analysis: Int64) throws(StoreError) -> [HeatMap] {
        guard schema.version >= Schema.firstWithIllustrations else { return [] }
        return try read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT image, stage, classes, columns, rows, graded, levels FROM heat_maps
                        WHERE analysis_id = ? ORDER BY id
                        """), arguments: [analysis])
            return try rows.map { row in
                guard let graded = try row.optionalBytes("graded"), let levels = try row.optionalBytes("levels"),
                    let map = HeatMap(
                        image: Int(try row.integer("image")), stage: try row.text("stage"),
                        classes: try row.texts("classes"), columns: try row.ranges("columns"),
                        rows: try row.ranges("rows"), graded: graded, levels: levels)
                else { throw DamagedRow(column: "levels") }
                return map
            }
        }
    }
}

extension Row {
    /// Those of a JSON array of ends.
    fileprivate func ranges(_ column: String) throws -> [Range<Int>] {
        guard case .array(let values)? = try? JSONValue(parsing: try text(column)), values.count % 2 == 0 else {
            throw DamagedRow(column: column)
        }
        return try stride(from: 0, to: values.count, by: 2).map { index in
            guard case .integer(let start) = values[index], case .integer(let end) = values[index + 1],
                (0...Int64(Int32.max)).contains(start), (start...Int64(Int32.max)).contains(end)
            else { throw DamagedRow(column: column) }
            return Int(start)..<Int(end)
        }
    }
}
