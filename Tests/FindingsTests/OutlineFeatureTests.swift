import Findings
import Testing

@Suite struct OutlineFeatureTests {
    private static func feature(_ more: String) -> String {
        #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]]]},\#(more)}"#
    }

    @Test(
        arguments: [
            (
                #""properties":{"objectType":"annotation","classification":{"name":"Tumor","color":[1,2,3]}}"#,
                ["Tumor"], false
            ),
            (
                #""properties":{"objectType":"detection","classification":{"names":["Tumor","Positive"]}}"#,
                ["Tumor", "Positive"], true
            ),
            (#""properties":{"objectType":"cell"}"#, [], true),
            (
                #""id":"PathDetectionObject","properties":{"classification":{"name":"cell","colorRGB":-3}}"#, ["cell"],
                true
            ),
            (#""id":"PathAnnotationObject","properties":{"classification":"gland"}"#, ["gland"], false),
            (#""id":"0e1b4c","properties":{}"#, [], false), (#""properties":null"#, [], false),
        ] as [(String, [String], Bool)])
    func namesAndKindsAreReadAsQuPathWritesThem(more: String, names: [String], isObject: Bool) throws {
        let features = try OutlineFeature.read(geoJSON: "[\(Self.feature(more))]")
        #expect(features.map(\.names) == [names] && features.map(\.isObject) == [isObject])
    }

    @Test func anEmptyCollectionIsNoOutline() throws {
        #expect(try OutlineFeature.read(geoJSON: #"{"type":"FeatureCollection","features":[]}"#).isEmpty)
    }
}
