import Analysis
import Findings
import Foundation
import NeuralNetworks
import Testing

/// What an analysis keeps of a scan to look at.
@Suite struct IllustrationTests {
    private func pipeline(_ rest: String = "") throws -> HandmadePipeline {
        let network = ColourNetwork(
            classes: [ColourNetwork.ground, ColourNetwork.blue], tail: [GlobalPooling(.average), Flatten()])
        let pipeline = try HandmadePipeline([
            .init(
                graph: network.graph(), task: "classification", output: "activation: softmax, classes: [ground, blue]",
                stage: ", tile: 64")
        ])
        if !rest.isEmpty {
            let definition = try String(contentsOfFile: pipeline.folder["pipeline.yaml"], encoding: .utf8)
            try pipeline.folder.write("pipeline.yaml", definition + rest)
        }
        return pipeline
    }

    private static let half = Rectangles(
        width: 192, height: 128, rectangles: [(Finding.Box(x: 0, y: 0, width: 64, height: 128), Rectangles.blue)])

    @Test func aHeatMapHasTheGradeOfEachTile() throws {
        let result = try pipeline().result(of: Self.half)
        let map = try #require(result.illustration.heatMaps.first)
        #expect(map.stage == "stage-1" && map.classes == ["ground", "blue"])
        #expect(map.columns == [0..<64, 64..<128, 128..<192] && map.rows == [0..<64, 64..<128])
        var blue: [Double] = []
        map.forEachTile { blue.append($2[1]) }
        #expect(blue.count == 6 && [blue[0], blue[3]].allSatisfy { $0 > 0.9 })
        #expect([1, 2, 4, 5].allSatisfy { blue[$0] < 0.1 })
    }

    /// Level 0 where it is small, and 1,024 pixels a side where it is not.
    @Test(arguments: [(192, 192), (1_024, 1_024), (1_300, 1_024), (1_700, 850)])
    func aThumbnailIsAsLargeAsItMayBe(width: Int, expected: Int) throws {
        let blue = (Finding.Box(x: 0, y: 0, width: 64, height: 64), Rectangles.blue)
        let result = try pipeline().result(of: Rectangles(width: width, height: 64, rectangles: [blue]))
        let thumbnail = try #require(result.illustration.thumbnails.first)
        #expect(thumbnail.width == expected)
        #expect(
            thumbnail.jpeg.prefix(3) == Data([0xFF, 0xD8, 0xFF]) && thumbnail.jpeg.suffix(2) == Data([0xFF, 0xD9]))
    }

    @Test func theSameScanGivesTheSamePicture() throws {
        let pipeline = try pipeline()
        let first = try pipeline.result(of: Self.half).illustration
        #expect(try pipeline.result(of: Self.half, threads: 2).illustration == first)
    }

    @Test func whoWantsNoneHasNone() throws {
        #expect(try pipeline("thumbnails: off\n").result(of: Self.half).illustration == .none)
    }
}
