import Findings
import NeuralNetworks
import TIFF
import Testing

/// Findings lie on level 0 whichever level they were seen on, and however that one's size was rounded.
@Suite struct RoundedLevelTests {
    private static let (width, height) = (1_027, 779)
    /// At all edges, where a size that was rounded shows most; in multiples of 4.
    private static let boxes = [(12, 8), (960, 8), (12, 720), (960, 720), (484, 360)].map {
        Finding.Box(x: $0.0, y: $0.1, width: 56, height: 48)
    }

    private static func level(_ factor: Int, fillsUp: Bool) -> Rectangles {
        func side(_ full: Int) -> Int { (full + (fillsUp ? factor - 1 : 0)) / factor }
        return Rectangles(
            width: side(width), height: side(height),
            rectangles: boxes.map { box in
                let small = Finding.Box(
                    x: box.x / factor, y: box.y / factor, width: box.width / factor, height: box.height / factor)
                return (box: small, colour: Rectangles.red)
            })
    }

    /// The network sees a pixel of four, so that an edge is right to half of that.
    @Test(arguments: [[], [2, 4]], [false, true])
    func edgesAreRightToAPixelOfWhatTheNetworkSees(factors: [Int], fillsUp: Bool) throws {
        let network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red])
        let pipeline = try HandmadePipeline([
            .init(
                graph: network.graph(), task: "segmentation",
                input: "name: image, normalisation: { method: scale }, spacing-um-px: { value: 1.0 }",
                output: "activation: softmax, classes: [background, red]", stage: ", tile: 64, overlap: 16")
        ])
        let pages = ([1] + factors).map { Self.level($0, fillsUp: fillsUp) }
        let result = try pipeline.result(ofPages: pages) { layout, number in
            layout.resolution = TIFFResolution(x: 40_000, y: 40_000, unit: .centimetre)
            if number > 0 { layout.subfileType = .reducedResolution }
        }
        #expect(result.findings.count == Self.boxes.count)
        for box in Self.boxes {
            let found = try #require(
                result.findings.map(\.box).first { abs($0.x - box.x) < 20 && abs($0.y - box.y) < 20 })
            let errors = [
                found.x - box.x, found.y - box.y, found.x + found.width - box.x - box.width,
                found.y + found.height - box.y - box.height,
            ]
            #expect(errors.allSatisfy { abs($0) <= 2 }, "\(box) \(errors)")
        }
    }
}
