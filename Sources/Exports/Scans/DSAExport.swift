import FindingStore
import Findings
import Imaging
import Listings

/// The outlines of each scan's findings as an annotation of the Digital Slide Archive (HistomicsUI), in the form of
/// large_image's `AnnotationSchema`: closed polylines with holes, coordinates in level-0 pixels with a z of 0.
public struct DSAExport: Export {
    public static let name = "dsa"

    private let folder: String
    private let tolerance: Double
    private let naming: PictureNaming

    /// - Parameter tolerance: how far, in pixels, a true outline may lie from the polygon's; 0 for exact ones.
    public init(folder: String, tolerance: Double, naming: PictureNaming = .hash) {
        self.folder = folder
        self.tolerance = tolerance
        self.naming = naming
    }

    public func write(_ question: ExportQuestion) throws {
        try createFolder(folder)
        var names = PictureNames(naming)
        try question.forEachPicture { picture in
            var file = try OutputFile("\(folder)/\(names.name(of: picture)).json")
            let about = JSONValue.object([
                "sha256": .text(picture.sha256.hexadecimal), "image": .integer(picture.image),
                "width": .integer(picture.width), "height": .integer(picture.height),
                "tolerance_px": .number(tolerance), "spacing_um_px": .number(picture.spacing?.micrometresPerPixel),
                "spacing_source": .text(picture.spacing?.source.rawValue),
            ])
            let description = "\(picture.outlined.count.counting("outline")); for research use only"
            try file.write(
                #"{"name":"scanreport","description":\#(JSONValue.text(description).compact),"#
                    + #""attributes":\#(about.compact),"elements":"#)
            try file.writeArray { write in
                for marked in picture.outlined {
                    for element in elements(marked.row, pixels: marked.pixels) { try write(element) }
                }
                for map in picture.heatMaps {
                    for index in map.classes.indices { try write(Self.heatMap(of: index, in: map)) }
                }
            }
            try file.write("}\n")
            try file.finish()
        }
    }

    /// One for each part: a polyline has one outline.
    private func elements(_ row: FindingRow, pixels: RunLengths) -> [JSONValue] {
        let finding = row.finding
        let colour = ClassColour(of: finding).channels.map(String.init).joined(separator: ", ")
        var measurements = finding.measurements
        measurements["confidence"] = finding.confidence
        measurements["area_px"] = finding.areaPixels.map(Double.init)
        measurements["area_um2"] = finding.areaSquareMicrometres
        let user = JSONValue.object([
            "finding_id": .text(row.id.hexadecimal), "kind": .text(finding.kind.rawValue),
            "measurements": .numbers(measurements),
        ])
        return RegionPolygon(outlining: pixels, tolerance: tolerance).parts.map { part in
            .object([
                "type": .text("polyline"), "points": Self.ring(part.outline), "closed": .boolean(true),
                "holes": .array(part.holes.map(Self.ring)), "lineColor": .text("rgb(\(colour))"),
                "lineWidth": .number(2), "fillColor": .text("rgba(\(colour), 0.2)"),
                "label": .object(["value": .text(finding.label)]), "group": .text(finding.label), "user": user,
            ])
        }
    }

    /// A class' probability in the middle of each tile that was graded.
    private static func heatMap(of index: Int, in map: HeatMap) -> JSONValue {
        var points: [JSONValue] = []
        map.forEachTile { column, row, probabilities in
            let (columns, rows) = (map.columns[column], map.rows[row])
            points.append(
                .array([
                    .number(Double(columns.lowerBound + columns.upperBound) / 2),
                    .number(Double(rows.lowerBound + rows.upperBound) / 2), .integer(0),
                    .number(probabilities[index]),
                ]))
        }
        let colour = ClassColour(index: index).channels.map(String.init).joined(separator: ", ")
        return .object([
            "type": .text("heatmap"), "points": .array(points),
            "radius": .number(Double(map.columns[0].count) / 2),
            "colorRange": .array([.text("rgba(\(colour), 0)"), .text("rgba(\(colour), 0.6)")]),
            "rangeValues": .array([.number(0), .number(1)]), "normalizeRange": .boolean(false),
            "scaleWithZoom": .boolean(true), "label": .object(["value": .text(map.classes[index])]),
            "group": .text(map.classes[index]), "user": .object(["stage": .text(map.stage)]),
        ])
    }

    private static func ring(_ points: [RegionPolygon.Point]) -> JSONValue {
        .array(points.map { .array([.integer($0.x), .integer($0.y), .integer(0)]) })
    }
}
