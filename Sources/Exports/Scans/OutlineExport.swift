import FindingStore
import Findings
import Imaging
import Listings

/// The outlines of each scan's findings as GeoJSON in a folder, in the form that QuPath opens: regions and artefacts as
/// annotations, objects as detections, by their boxes where their network gives no outlines.
///
/// Coordinates are level-0 pixels, x to the right and y downwards, corners of pixels: no longitudes, as with every program
/// that uses GeoJSON for pictures. Rings turn as RFC 7946 (section 3.1.6) wants it of their numbers. No patient is named.
public struct OutlineExport: Export {
    public static let name = "geojson"

    private let folder: String
    private let tolerance: Double
    private let naming: PictureNaming
    private let isCompressed: Bool

    /// - Parameters:
    ///   - tolerance: how far, in pixels, a true outline may lie from the polygon's; 0 for exact ones.
    ///   - isCompressed: whether the files are `.geojson.gz`, which QuPath opens too.
    public init(folder: String, tolerance: Double, naming: PictureNaming = .hash, isCompressed: Bool = false) {
        self.folder = folder
        self.tolerance = tolerance
        self.naming = naming
        self.isCompressed = isCompressed
    }

    public func write(_ question: ExportQuestion) throws {
        try createFolder(folder)
        var names = PictureNames(naming)
        try question.forEachPicture { picture in
            let path = "\(folder)/\(names.name(of: picture)).geojson"
            var file = isCompressed ? try OutputFile(compressed: path + ".gz") : try OutputFile(path)
            let about = JSONValue.object([
                "sha256": .text(picture.sha256.hexadecimal), "image": .integer(picture.image),
                "width": .integer(picture.width), "height": .integer(picture.height),
                "tolerance_px": .number(tolerance),
                "spacing_um_px": .number(picture.spacing?.micrometresPerPixel),
                "spacing_source": .text(picture.spacing?.source.rawValue),
            ])
            try file.write(#"{"type":"FeatureCollection","scan":\#(about.compact),"features":["#)
            for (index, marked) in picture.outlined.enumerated() {
                let feature = Self.feature(marked.row, pixels: marked.pixels, tolerance: tolerance)
                try file.write((index > 0 ? ",\n" : "\n") + feature.compact)
            }
            try file.write("\n]}\n")
            try file.finish()
        }
    }

    static func feature(_ row: FindingRow, pixels: RunLengths, tolerance: Double) -> JSONValue {
        let polygon = RegionPolygon(outlining: pixels, tolerance: tolerance)
        let finding = row.finding
        var measurements = finding.measurements
        measurements["confidence"] = finding.confidence
        measurements["area_px"] = finding.areaPixels.map(Double.init)
        measurements["area_um2"] = finding.areaSquareMicrometres
        if finding.geometry != nil { measurements["outline_tolerance_px"] = polygon.tolerance }
        for entry in finding.probabilities { measurements["probability \(entry.label)"] = entry.probability }
        let properties = JSONValue.object([
            "objectType": .text(finding.kind == .object ? "detection" : "annotation"),
            // QuPath's GsonTools refuses a classification of a name alone.
            "classification": .object([
                "name": .text(finding.label),
                "color": .array(ClassColour(of: finding).channels.map { .integer(Int($0)) }),
            ]),
            "finding_id": .text(row.id.hexadecimal), "measurements": .numbers(measurements),
        ])
        return .object([
            "type": .text("Feature"), "id": .text(uuid(of: row.id)), "geometry": geometry(of: polygon),
            "properties": properties,
        ])
    }

    /// What hangs together by corners of pixels only is several polygons.
    static func geometry(of polygon: RegionPolygon) -> JSONValue {
        let polygons = polygon.parts.map { part in JSONValue.array(([part.outline] + part.holes).map(closed)) }
        if polygons.count == 1 { return .object(["type": .text("Polygon"), "coordinates": polygons[0]]) }
        return .object(["type": .text("MultiPolygon"), "coordinates": .array(polygons)])
    }

    /// A ring whose last position is its first again.
    private static func closed(_ ring: [RegionPolygon.Point]) -> JSONValue {
        .array((ring + ring.prefix(1)).map { .array([.integer($0.x), .integer($0.y)]) })
    }

    /// The finding's identity in the form that QuPath takes: 128 bits of it with the marks of an RFC 9562 UUID, version 8.
    static func uuid(of id: FindingID) -> String {
        var digits = Array(id.hexadecimal.prefix(32))
        guard digits.count == 32 else { return id.hexadecimal }
        digits[12] = "8"
        digits[16] = "8"
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(digits[$0]) }.joined(separator: "-")
    }
}
