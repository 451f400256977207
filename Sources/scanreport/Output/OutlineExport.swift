import Findings
import Imaging
import Listings

/// Writes the regions of each scan as GeoJSON in a folder, in the form that QuPath opens as annotations.
///
/// Coordinates are level-0 pixels, x to the right and y downwards, corners of pixels: no longitudes, as with every program
/// that uses GeoJSON for pictures. Rings turn as RFC 7946 (section 3.1.6) wants it of their numbers. No patient is named.
struct OutlineExport {
    let folder: String
    /// How far, in pixels, a region's true outline may lie from the polygon's; 0 for exact ones.
    let tolerance: Double

    func write(_ listing: RegionListing) throws {
        try RegionListing.create(folder: folder)
        try listing.forEachScan { scan in
            var file = try OutputFile("\(folder)/\(scan.sha256).geojson")
            let about = JSONValue.object([
                "sha256": .text(scan.sha256.hexadecimal), "width": .integer(scan.image.width),
                "height": .integer(scan.image.height), "tolerance_px": .number(tolerance),
            ])
            try file.write(#"{"type":"FeatureCollection","scan":\#(about.compact),"features":["#)
            for (index, region) in scan.regions.enumerated() {
                let feature = Self.feature(region.row, pixels: region.pixels, tolerance: tolerance)
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
        measurements["outline_tolerance_px"] = polygon.tolerance
        for entry in finding.probabilities { measurements["probability \(entry.label)"] = entry.probability }
        let properties = JSONValue.object([
            "objectType": .text("annotation"), "classification": .object(["name": .text(finding.label)]),
            "finding_id": .text(row.id.hexadecimal), "measurements": .numbers(measurements),
        ])
        return .object([
            "type": .text("Feature"), "id": .text(uuid(of: row.id)), "geometry": geometry(of: polygon),
            "properties": properties,
        ])
    }

    /// A region that hangs together by corners of pixels only is several polygons.
    private static func geometry(of polygon: RegionPolygon) -> JSONValue {
        let polygons = polygon.parts.map { part in JSONValue.array(([part.outline] + part.holes).map(closed)) }
        if polygons.count == 1 { return .object(["type": .text("Polygon"), "coordinates": polygons[0]]) }
        return .object(["type": .text("MultiPolygon"), "coordinates": .array(polygons)])
    }

    /// A ring whose last position is its first again.
    private static func closed(_ ring: [RegionPolygon.Point]) -> JSONValue {
        .array((ring + ring.prefix(1)).map { .array([.integer($0.x), .integer($0.y)]) })
    }

    /// The finding's identity in the form that QuPath takes: 128 bits of it with the marks of an RFC 9562 UUID, version 8.
    private static func uuid(of id: FindingID) -> String {
        var digits = Array(id.hexadecimal.prefix(32))
        guard digits.count == 32 else { return id.hexadecimal }
        digits[12] = "8"
        digits[16] = "8"
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(digits[$0]) }.joined(separator: "-")
    }
}
