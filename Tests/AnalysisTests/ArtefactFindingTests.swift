import Analysis
import Findings
import Imaging
import NeuralNetworks
import Testing

/// What is masked out of the tissue, and shown.
@Suite struct ArtefactFindingTests {
    private static let stroke = Finding.Box(x: 130, y: 4, width: 24, height: 90)
    private static let clean = Rectangles(
        width: 162, height: 130,
        rectangles: Rectangles.pair.rectangles.map { (box: $0.box, colour: Rectangles.blue) })

    /// Green ink, which the network takes for blue.
    private static let marked = Rectangles(
        width: 162, height: 130, rectangles: clean.rectangles + [(box: stroke, colour: [0, 160, 60])])

    private func result(_ rest: String, of picture: Rectangles = marked) throws -> AnalysisResult {
        let network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue])
        let pipeline = try HandmadePipeline(
            [
                .init(
                    graph: network.graph(), task: "segmentation",
                    output: "activation: softmax, classes: [background, red, blue]", stage: ", tile: 64, overlap: 16")
            ], rest: rest)
        return try pipeline.result(of: picture)
    }

    @Test func penIsMaskedOutAndShown() throws {
        let off = try result("")
        #expect(off.findings.map(\.label) == ["blue", "blue", "blue"])
        #expect(try result("artefacts: off") == off)
        let on = try result("artefacts: [pen, blur]")
        #expect(on.findings.map(\.kind) == [.region, .region, .artefact])
        #expect(on.findings.map(\.label) == ["blue", "blue", "pen"])
        #expect(on.findings.map(\.ordinal) == [0, 1, 2])
        let pen = try #require(on.findings.last)
        #expect(pen.box == Self.stroke && pen.areaPixels == 24 * 90)
        #expect(try RunLengths(decoding: Array(pen.geometry ?? .init())).pixelCount == 24 * 90)
        #expect(on.remarks.contains { $0.hasPrefix("left out of the tissue: pen ") })
        #expect(on.quality == off.quality)
    }

    /// A pixel of the overview shows 9 x 9 of this scan, and the last ones reach beyond it.
    @Test func atTheFarEdgeOfALargeScanItLiesWhereItIs() throws {
        let stroke = Finding.Box(x: 8_100, y: 0, width: 90, height: 64)
        let result = try result(
            "artefacts: [pen]", of: Rectangles(width: 8_193, height: 64, rectangles: [(stroke, [0, 160, 60])]))
        #expect(result.findings.map(\.label) == ["pen"])
        let pen = try #require(result.findings.first)
        #expect(pen.box == stroke && pen.areaPixels == 90 * 64)
    }

    @Test func withoutArtefactsNothingIsOtherwise() throws {
        let found = try result("artefacts: [pen, blur]", of: Self.clean)
        #expect(try found.findings == result("", of: Self.clean).findings)
        #expect(found.remarks == [])
    }

    @Test func whereInkIsEverywhereThereIsNoTissue() throws {
        let inked = Rectangles(
            width: 162, height: 130, rectangles: [(Finding.Box(x: 0, y: 0, width: 162, height: 130), [0, 160, 60])])
        let result = try result("artefacts: [pen]", of: inked)
        #expect(result.status == .noTissue)
        #expect(result.remarks.contains("artefacts cover all tissue"))
    }
}
