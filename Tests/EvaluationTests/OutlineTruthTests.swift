import Evaluation
import Findings
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct OutlineTruthTests {
    private static func feature(_ rings: String, _ name: String?, _ type: String = "annotation") -> String {
        let classification = name.map { #","classification":{"name":"\#($0)","color":[0,0,0]}"# } ?? ""
        return #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[\#(rings)]},"#
            + #""properties":{"objectType":"\#(type)"\#(classification)}}"#
    }

    private static func ring(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
        "[[\(x),\(y)],[\(x + width),\(y)],[\(x + width),\(y + height)],[\(x),\(y + height)],[\(x),\(y)]]"
    }

    private func foreground(
        _ features: [String], size: (width: Int, height: Int)? = (8, 6), counting classes: [String] = []
    ) throws -> TrueForeground? {
        let file = TemporaryFile()
        try Data(#"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.utf8)
            .write(to: URL(filePath: file.path))
        let truth = GroundTruth(
            line: 3, patient: "P", scan: "a", mask: nil, label: nil, split: nil, outlines: file.path)
        return try truth.foreground(in: size, counting: CountedOutlines(classes: classes)) { $0 }
    }

    @Test func outlinesAreTheirPixelsWithoutHolesAndWhatIsLeftOut() throws {
        let found = try #require(
            try foreground([
                Self.feature(Self.ring(0, 0, 4, 4) + "," + Self.ring(1, 1, 2, 2), "gland"),
                Self.feature(Self.ring(3, 3, 9, 9), "Polyp"), Self.feature(Self.ring(6, 0, 2, 9), "Ignore*"),
                Self.feature(Self.ring(0, 0, 8, 6), "fold"), Self.feature(Self.ring(0, 0, 8, 6), "gland", "detection"),
            ]))
        let expected = Truths.mask(["####....", "#..#....", "#..#....", "######..", "...###..", "...###.."])
        #expect(found.pixels == expected.foreground && found.width == 8 && found.height == 6)
        #expect(found.outlines == ["gland": 1, "Polyp": 1])
        #expect(found.pixels.components.count == 1)
    }

    @Test func classesCanBeChosenAndTheFarthestCornerIsTheSizeWhereNoneIsKnown() throws {
        let features = [Self.feature(Self.ring(0, 0, 2, 2), "Gland"), Self.feature(Self.ring(4, 4, 2, 2), "stroma")]
        let found = try #require(try foreground(features, size: nil, counting: ["gland"]))
        #expect(found.pixels.pixelCount == 4 && found.width == 6 && found.height == 6)
        #expect(try foreground(features, counting: ["nerve"])?.pixels.pixelCount == 0)
    }

    @Test func nothingIsKnownOfObjectsAloneAndNoOutlineIsNoStructure() throws {
        #expect(try foreground([Self.feature(Self.ring(0, 0, 2, 2), "cell", "detection")]) == nil)
        #expect(try foreground([])?.pixels.pixelCount == 0)
    }

    @Test(
        arguments: [
            ([feature(ring(0, 0, 2, 2), "gland"), feature(ring(4, 4, 2, 2), nil)], "1 of 2 have no class"),
            ([feature(ring(50, 0, 2, 2), "gland")], "lies outside of the scan"),
            ([feature(ring(0, -9, 2, 2), "gland")], "lies outside of the scan"),
            ([#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}"#], "feature 1 is no polygon"),
        ] as [([String], String)])
    func whatCannotBeBelievedIsRefused(features: [String], problem: String) {
        let error = #expect(throws: EvaluationError.self) { try foreground(features) }
        #expect(error?.kind == .unusableMask)
        #expect(error?.message.hasPrefix("the outlines in line 3 of the manifest cannot be used: ") == true)
        #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
    }

    @Test func compressedOutlinesAreRefused() throws {
        let file = TemporaryFile()
        try Data([0x1F, 0x8B, 8, 0]).write(to: URL(filePath: file.path))
        let truth = GroundTruth(
            line: 3, patient: "P", scan: "a", mask: nil, label: nil, split: nil, outlines: file.path)
        let error = #expect(throws: EvaluationError.self) {
            try truth.foreground(in: nil, counting: CountedOutlines()) { $0 }
        }
        #expect(error?.message.hasSuffix("they are compressed: gunzip them") == true)
    }

    @Test func aMaskCountsBeforeOutlines() throws {
        let file = TemporaryFile()
        try Truths.twoObjects.writePNG(path: file.path)
        let truth = GroundTruth(
            line: 3, patient: "P", scan: "a", mask: file.path, label: nil, split: nil, outlines: "/none")
        let found = try truth.foreground(in: nil, counting: CountedOutlines()) { $0 }
        #expect(found == TrueForeground(Truths.twoObjects))
    }
}
