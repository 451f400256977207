import Findings
import Foundation
import Testing

@Suite struct RegionsOfInterestTests {
    private static let square = "[[0,0],[10,0],[10,10.5],[0,10],[0,0]]"

    private static func feature(_ geometry: String, _ properties: String = "{}") -> String {
        #"{"type":"Feature","geometry":\#(geometry),"properties":\#(properties)}"#
    }

    private static let polygon = #"{"type":"Polygon","coordinates":[\#(square)]}"#

    /// How many polygons are to look at, and to leave out.
    @Test(
        arguments: [
            (feature(polygon), 1, 0),
            ("[\(feature(polygon)),\(feature(polygon))]", 2, 0),
            (#"{"type":"FeatureCollection","features":[\#(feature(polygon))]}"#, 1, 0),
            (#"{"type":"FeatureCollection","crs":null,"features":[\#(feature(polygon))]}"#, 1, 0),
            (feature(#"{"type":"MultiPolygon","coordinates":[[\#(square)],[\#(square),\#(square)]]}"#), 2, 0),
            (feature(polygon, #"{"classification":{"name":"Tumor","color":[200,0,0]}}"#), 1, 0),
            (feature(polygon, #"{"classification":{"name":"Ignore*","color":[180,180,180]}}"#), 0, 1),
            (feature(polygon, #"{"classification":"Ignore*"}"#), 0, 1),
            (feature(polygon, #"{"classification":{"names":["Other","exclude"]}}"#), 0, 1),
            (feature(polygon, "null"), 1, 0),
        ] as [(String, Int, Int)])
    func outlinesAreReadAsQuPathWritesThem(text: String, included: Int, excluded: Int) throws {
        let regions = try RegionsOfInterest(geoJSON: text)
        #expect(regions.included.count == included && regions.excluded.count == excluded)
        let first = try #require((regions.included + regions.excluded).first?.rings.first)
        // Not told again at the end.
        #expect(first == [(0, 0), (10, 0), (10, 10.5), (0, 10)].map { Finding.Point(x: $0.0, y: $0.1) })
    }

    @Test(arguments: [
        ("[1", "malformed JSON"), ("{}", "no GeoJSON of features"), (#"{"type":"Polygon"}"#, "no GeoJSON of features"),
        (#"{"type":"FeatureCollection"}"#, "has no features"), ("[]", "hold no outline"),
        (feature(#"{"type":"Point","coordinates":[1,2]}"#), "feature 1 is no polygon"),
        (feature(#"{"type":"Polygon","coordinates":[]}"#), "feature 1 has no ring"),
        (feature(#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#), "less than three corners"),
        (feature(#"{"type":"Polygon","coordinates":[[[0,0],[1,"x"],[2,2],[3,3]]]}"#), "not two numbers"),
        (feature(#"{"type":"Polygon","coordinates":[[[0,0],[1e300,1],[2,2],[3,3]]]}"#), "not two numbers"),
        (feature("null"), "has no coordinates"),
        (
            #"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4326"}},"features":[\#(feature(polygon))]}"#,
            "coordinate reference system"
        ),
        ("[" + [String](repeating: feature(polygon), count: 50_001).joined(separator: ",") + "]", "200000 corners"),
    ])
    func whatIsNoOutlineIsRefused(text: String, problem: String) {
        let error = #expect(throws: OutlineError.self) { try RegionsOfInterest(geoJSON: text) }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    @Test func theEncodingIsReadBackAndNothingElse() throws {
        let regions = try RegionsOfInterest(geoJSON: "[\(Self.feature(Self.polygon))]")
        let bytes = regions.encoded()
        #expect(RegionsOfInterest(encoded: bytes) == regions)
        for length in 0..<bytes.count { #expect(RegionsOfInterest(encoded: bytes.prefix(length)) == nil) }
        #expect(RegionsOfInterest(encoded: bytes + [0]) == nil)
        for index in 0..<24 {
            var hostile = bytes
            hostile[index] = 0xFF
            _ = RegionsOfInterest(encoded: hostile)
        }
        var infinite = bytes
        infinite.replaceSubrange(24..<32, with: [0, 0, 0, 0, 0, 0, 0xF0, 0x7F])
        #expect(RegionsOfInterest(encoded: infinite) == nil)
        let other = RegionsOfInterest(included: regions.excluded, excluded: regions.included)
        #expect(other.sha256 != regions.sha256)
    }
}
