import Analysis
import Findings
import NeuralNetworks
import Testing

/// Scans that are looked at within outlines only.
@Suite struct OutlinedScanTests {
    /// Of the red and of the blue rectangle of `Rectangles.pair`.
    private static let (red, blue) = (square(15, 10, 65, 55), square(66, 36, 130, 104))

    private static func square(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) -> [Finding.Point] {
        [(left, top), (right, top), (right, bottom), (left, bottom)].map { Finding.Point(x: $0.0, y: $0.1) }
    }

    private func result(
        _ included: [[[Finding.Point]]], _ excluded: [[[Finding.Point]]] = [], tissue: String = "off",
        of picture: Rectangles = .pair
    ) throws -> AnalysisResult {
        let network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue])
        let pipeline = try HandmadePipeline(
            [
                .init(
                    graph: network.graph(), task: "segmentation",
                    output: "activation: softmax, classes: [background, red, blue]", stage: ", tile: 64, overlap: 16")
            ], tissue: tissue)
        let regions = RegionsOfInterest(
            included: included.map { .init(rings: $0) }, excluded: excluded.map { .init(rings: $0) })
        return try pipeline.result(ofPages: [picture], regions: regions)
    }

    @Test(arguments: ["off", "otsu"]) func onlyWhatLiesWithinIsFound(tissue: String) throws {
        let result = try result([[Self.red]], tissue: tissue)
        #expect(result.findings.map(\.label) == ["red"])
        #expect(result.findings.first?.box == Rectangles.pair.rectangles[0].box)
        #expect(
            result.remarks.contains(
                "what lies outside of the outlines given (1 to look at, 0 to leave out) was not analysed"))
        #expect(try self.result([[Self.red], [Self.blue]], tissue: tissue).findings.map(\.label) == ["red", "blue"])
    }

    @Test func whatIsLeftOutIsNotFound() throws {
        #expect(try result([], [[Self.blue]]).findings.map(\.label) == ["red"])
        // A hole leaves out too.
        let all = Self.square(0, 0, 162, 130)
        #expect(try result([[all, Self.red]]).findings.map(\.label) == ["blue"])
        // And what is to be left out wins.
        #expect(try result([[all]], [[Self.red]]).findings.map(\.label) == ["blue"])
    }

    /// Less than half of the blue rectangle.
    @Test func aRegionCountsThatLiesWithinForTheMostPart() throws {
        #expect(try result([[Self.square(66, 36, 90, 104)]]).findings.isEmpty)
        #expect(try result([[Self.square(66, 36, 110, 104)]]).findings.map(\.label) == ["blue"])
    }

    /// Between the middles of two columns.
    @Test func outlinesAroundNoPixelHoldNoTissue() throws {
        let result = try result([[Self.square(0.6, 0, 0.9, 130)]])
        #expect(result.status == .noTissue)
        #expect(result.remarks.contains("no tissue within the outlines"))
    }

    /// Drawn on another slide, or in micrometres: nobody knows what was meant.
    @Test(arguments: [square(-500, -500, -20, -20), square(1e8, 0, 1e9, 1e9), square(200, 0, 300, 100)])
    func outlinesBesideTheScanAreRefused(outline: [Finding.Point]) {
        #expect(throws: AnalysisFailure.self) { try result([[Self.red], [outline]]) }
        #expect(throws: AnalysisFailure.self) { try result([], [[outline]]) }
    }

    /// The blue rectangle's, drawn on a resolution half as high: on the red one nothing tells, on glass the tissue does.
    @Test func outlinesOfALowerResolutionAreNotTakenForOthers() throws {
        let half = Self.square(35, 20, 61, 50)
        let doubt =
            "all outlines lie in the upper left quarter of the image: are they in pixels of its full resolution?"
        #expect(try result([[half]], tissue: "otsu").remarks.contains(doubt))
        #expect(try result([], [[half]], tissue: "otsu").remarks.contains(doubt))
        #expect(try !result([[Self.blue]], tissue: "otsu").remarks.contains(doubt))
        let glass = (box: Finding.Box(x: 0, y: 0, width: 162, height: 130), colour: [245, 245, 245] as [UInt8])
        let blueAlone = Rectangles(width: 162, height: 130, rectangles: [glass, Rectangles.pair.rectangles[1]])
        let error = #expect(throws: AnalysisFailure.self) { try result([[half]], tissue: "otsu", of: blueAlone) }
        #expect(error?.message.contains("2 times as large") == true)
        #expect(try result([[Self.blue]], tissue: "otsu", of: blueAlone).findings.map(\.label) == ["blue"])
    }

    @Test func otherImagesAreLeftOut() throws {
        let network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue])
        let pipeline = try HandmadePipeline([
            .init(
                graph: network.graph(), task: "segmentation",
                output: "activation: softmax, classes: [background, red, blue]", stage: ", tile: 64, overlap: 0")
        ])
        let regions = RegionsOfInterest(included: [.init(rings: [Self.red])], excluded: [])
        let result = try pipeline.result(ofPages: [.pair, .pair], regions: regions)
        #expect(result.findings.map(\.image) == [0])
        #expect(result.remarks.contains("image 1: was not analysed: the outlines given are of the first image"))
    }
}
