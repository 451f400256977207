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
        _ features: [String], size: (width: Int, height: Int) = (8, 6), counting classes: [String] = []
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

    @Test func classesCanBeChosen() throws {
        let features = [Self.feature(Self.ring(0, 0, 2, 2), "Gland"), Self.feature(Self.ring(4, 4, 2, 2), "stroma")]
        let found = try #require(try foreground(features, counting: ["gland"]))
        #expect(found.pixels.pixelCount == 4 && found.width == 8 && found.height == 6)
        #expect(found.outlines == ["Gland": 1] && found.uncounted == ["stroma": 1])
        let nerves = try #require(try foreground(features, counting: ["nerve"]))
        #expect(nerves.pixels.pixelCount == 0)
        var doubts = ForegroundDoubts()
        doubts.add(nerves)
        #expect(doubts.sentences == ["no outline has the class that was asked for: there are 1 Gland, 1 stroma"])
    }

    /// QuPath calls a class that it derives of another by both.
    @Test func derivedClassesAreOfThoseThatTheyAreDerivedOf() throws {
        let features = [
            Self.feature(Self.ring(0, 0, 2, 2), "Gland: inflamed"), Self.feature(Self.ring(4, 4, 2, 2), "stroma"),
        ]
        let found = try #require(try foreground(features, counting: ["gland"]))
        #expect(found.pixels.pixelCount == 4 && found.outlines == ["Gland: inflamed": 1])
    }

    @Test func sharesOfTheScansSidesAreNoPixels() throws {
        let error = #expect(throws: EvaluationError.self) {
            try foreground([Self.feature(Self.ring(0.25, 0.25, 0.5, 0.5), "gland")])
        }
        #expect(error?.message.contains("shares of the scan's sides") == true)
    }

    /// A network of several structures: each is held against its own outlines, and mixed up it is wrong.
    @Test(arguments: [(["c1", "c2"], 1.0), (["c2", "c1"], 0.0), (["C1", "c1"], 2.0 / 3)] as [([String], Double)])
    func theClassThatIsAskedForIsHeldAgainstItsRegions(marked: [String], dice: Double) throws {
        let features = [Self.feature(Self.ring(0, 0, 2, 2), "c1"), Self.feature(Self.ring(4, 4, 2, 2), "c2")]
        var evaluator = Evaluator()
        try evaluator.add(
            Truths.truth("P", nil),
            answer: Truths.answer([
                Truths.region(x: 0, y: 0, width: 2, height: 2, marked: marked[0]),
                Truths.region(x: 4, y: 4, width: 2, height: 2, marked: marked[1]),
            ]), mask: try foreground(features, counting: ["c1"]))
        #expect(try #require(evaluator.report().overall.dice.value) == dice)
    }

    /// The only structure may be called otherwise than its outlines.
    @Test func oneStructureIsHeldAgainstWhateverIsAskedFor() throws {
        var evaluator = Evaluator()
        try evaluator.add(
            Truths.truth("P", nil),
            answer: Truths.answer([Truths.region(x: 0, y: 0, width: 2, height: 2, marked: "glands")]),
            mask: try foreground([Self.feature(Self.ring(0, 0, 2, 2), "Gland")], counting: ["gland"]))
        #expect(evaluator.report().overall.dice.value == 1)
    }

    /// QuPath's class for where somebody looked, which is its default for regions of interest.
    @Test func whereSomebodyLookedIsNoStructure() throws {
        let features = [Self.feature(Self.ring(0, 0, 8, 6), "Region*"), Self.feature(Self.ring(1, 1, 2, 2), nil)]
        let found = try #require(try foreground(features))
        #expect(found.pixels.pixelCount == 4 && found.outlines == ["(no class)": 1])
    }

    /// Regions and outlines of a scan of 64 x 64 pixels.
    private func evaluated(
        _ rings: [String], _ regions: [Finding], scans: Int = 1
    ) throws -> EvaluationReport {
        var evaluator = Evaluator()
        for line in 2..<2 + scans {
            try evaluator.add(
                Truths.truth("P\(line)", nil, line: line), answer: Truths.answer(regions, size: (64, 64)),
                mask: foreground(rings.map { Self.feature($0, "gland") }, size: (64, 64)))
        }
        return evaluator.report()
    }

    @Test(arguments: [2, 4]) func outlinesOfALowerResolutionAreRefusedByWhatWasFound(factor: Int) throws {
        let regions = [
            Truths.region(x: 8, y: 8, width: 16, height: 16), Truths.region(x: 40, y: 32, width: 20, height: 28),
        ]
        let boxes = [[8.0, 8, 16, 16], [40, 32, 20, 28]]
        func rings(_ factor: Double) -> [String] {
            boxes.map { Self.ring($0[0] / factor, $0[1] / factor, $0[2] / factor, $0[3] / factor) }
        }
        #expect(try evaluated(rings(1), regions).overall.dice.value == 1)
        let error = #expect(throws: EvaluationError.self) { try evaluated(rings(Double(factor)), regions) }
        #expect(error?.kind == .unusableMask)
        #expect(error?.message.contains("if they are \(factor) times as large") == true, "\(error?.message ?? "")")
        // A gland that was missed is no such.
        #expect(try evaluated([Self.ring(0, 0, 9, 9)], [regions[1]]).overall.dice.value == 0)
    }

    @Test func outlinesThatAllLieInACornerOfEveryScanAreTold() throws {
        let corner = [Self.ring(4, 4, 8, 8)]
        let doubted = try evaluated(corner, [], scans: 3)
        #expect(doubted.needsAttention)
        #expect(doubted.text.contains("all outlines of 3 scans lie in the upper left quarter"))
        #expect(doubted.text.contains("Outlines that count: 3 gland."))
        #expect(doubted.json.compact.contains(#""outlines":{"gland":3}"#))
        #expect(try !evaluated(corner, [], scans: 2).needsAttention)
        #expect(try !evaluated(corner + [Self.ring(40, 4, 8, 8)], [], scans: 3).needsAttention)
    }

    @Test func nothingIsKnownOfObjectsAloneAndNoOutlineIsNoStructure() throws {
        #expect(try foreground([Self.feature(Self.ring(0, 0, 2, 2), "cell", "detection")]) == nil)
        #expect(try foreground([])?.pixels.pixelCount == 0)
    }

    @Test(
        arguments: [
            ([feature(ring(0, 0, 2, 2), "gland"), feature(ring(4, 4, 2, 2), nil)], "1 of 2 have no class"),
            ([feature(ring(50, 0, 2, 2), "gland")], "lies outside of the scan"),
            ([feature(ring(0, 0, 8, 6), "Tissue"), feature(ring(1, 1, 2, 2), "gland")], "of Tissue hold all others"),
            ([feature(ring(0, 0, 8, 6), nil), feature(ring(1, 1, 2, 2), nil)], "without a class holds all others"),
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
            try truth.foreground(in: (8, 6), counting: CountedOutlines()) { $0 }
        }
        #expect(error?.message.hasSuffix("they are compressed: gunzip them") == true)
    }

    @Test func aMaskCountsBeforeOutlines() throws {
        let file = TemporaryFile()
        try Truths.twoObjects.writePNG(path: file.path)
        let truth = GroundTruth(
            line: 3, patient: "P", scan: "a", mask: file.path, label: nil, split: nil, outlines: "/none")
        let found = try truth.foreground(in: (8, 6), counting: CountedOutlines()) { $0 }
        #expect(found == TrueForeground(Truths.twoObjects))
    }
}
