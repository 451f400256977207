import FindingStore
import Findings
import Listings

/// A picture's graded tiles with the probabilities of all classes that any of them has.
struct GradedTileTable {
    private struct Tile {
        let box: Finding.Box
        let probabilities: [String: Double]
        /// Nil for what is no finding.
        let id: FindingID?
    }

    private var tiles: [Tile] = []
    private var classes: [String] = []

    init(_ picture: PictureFindings) {
        for row in picture.tiles {
            let entries = row.finding.probabilities
            note(entries.map(\.label))
            let probabilities = Dictionary(
                entries.map { ($0.label, $0.probability) }, uniquingKeysWith: { first, _ in first })
            tiles.append(Tile(box: row.finding.box, probabilities: probabilities, id: row.id))
        }
        for map in picture.tiles.isEmpty ? picture.heatMaps : [] {
            note(map.classes)
            map.forEachTile { column, row, probabilities in
                let (columns, rows) = (map.columns[column], map.rows[row])
                let box = Finding.Box(
                    x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
                let named = Dictionary(zip(map.classes, probabilities), uniquingKeysWith: { first, _ in first })
                tiles.append(Tile(box: box, probabilities: named, id: nil))
            }
        }
    }

    var isEmpty: Bool { tiles.isEmpty }

    private mutating func note(_ labels: [String]) {
        for label in labels where !classes.contains(label) { classes.append(label) }
    }

    func writeCSV(to path: String) throws {
        var file = try OutputFile(path)
        let writer = CSVWriter<FindingRow>(protection: .none)
        let columns = ["minx", "miny", "width", "height"] + classes.map { "prob_\($0)" }
        try file.write(columns.map { writer.field(.text($0)) }.joined(separator: ",") + "\n")
        for tile in tiles {
            let numbers = [tile.box.x, tile.box.y, tile.box.width, tile.box.height].map(String.init)
            let fields = classes.map { writer.field(.number(tile.probabilities[$0])) }
            try file.write((numbers + fields).joined(separator: ",") + "\n")
        }
        try file.finish()
    }

    func writeGeoJSON(to path: String) throws {
        var file = try OutputFile(path)
        try file.write(#"{"type":"FeatureCollection","features":"#)
        try file.writeArray { write in
            for tile in tiles { try write(feature(tile)) }
        }
        try file.write("}\n")
        try file.finish()
    }

    private func feature(_ tile: Tile) -> JSONValue {
        let box = tile.box
        let corners = [(1, 0), (1, 1), (0, 1), (0, 0), (1, 0)].map { x, y in
            JSONValue.array([.integer(box.x + x * box.width), .integer(box.y + y * box.height)])
        }
        let measurements = classes.compactMap { label in
            tile.probabilities[label].map { JSONValue.Member("prob_\(label)", .number($0)) }
        }
        let id = tile.id.map { [JSONValue.Member("id", .text(OutlineExport.uuid(of: $0)))] } ?? []
        return .object(
            [JSONValue.Member("type", .text("Feature"))] + id + [
                JSONValue.Member(
                    "geometry", .object(["type": .text("Polygon"), "coordinates": .array([.array(corners)])])),
                JSONValue.Member(
                    "properties",
                    .object([
                        "isLocked": .boolean(true), "measurements": .object(measurements), "objectType": .text("tile"),
                    ])),
            ])
    }
}
