import Analysis
import Findings
import NeuralNetworks
import TIFF
import Testing

/// Files of several images.
@Suite struct SeveralImagesTests {
    private let pipeline: HandmadePipeline

    init() throws {
        let network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue])
        pipeline = try HandmadePipeline([
            .init(
                graph: network.graph(), task: "segmentation",
                output: "activation: softmax, classes: [background, red, blue]",
                stage: ", tile: 64, overlap: 0, minimum-area-px: 4"
            )
        ])
    }

    private static func picture(_ width: Int, _ height: Int, red: Finding.Box) -> Rectangles {
        Rectangles(width: width, height: height, rectangles: [(red, Rectangles.red)])
    }

    private static let first = picture(128, 96, red: Finding.Box(x: 10, y: 20, width: 30, height: 20))
    private static let second = picture(126, 100, red: Finding.Box(x: 60, y: 50, width: 40, height: 30))

    @Test(arguments: [1, 3]) func eachImageIsAnalysedInItsOwnCoordinates(threads: Int) throws {
        // The second is larger: it is image 0.
        let result = try pipeline.result(ofPages: [Self.first, Self.second], threads: threads)
        #expect(result.findings.map(\.image) == [0, 1])
        #expect(result.findings.map(\.ordinal) == [0, 1])
        #expect(result.findings.map(\.box) == [Self.second, Self.first].map(\.rectangles[0].box))
        let alone = try pipeline.result(of: Self.second, threads: threads)
        #expect(result.findings.first == alone.findings.first)
        let size = ["image_width_px": 128.0, "image_height_px": 96, "image_spacing_um_px": 1]
        let other = try #require(try pipeline.result(of: Self.first, threads: threads).findings.first)
        #expect(result.findings.last == other.placed(at: 1, inImage: 1, adding: size))
        #expect(result.remarks == ["the file holds 2 images; all were analysed"])
        #expect(result.quality["tissue_share"] == 1 && result.quality["image_1_tissue_share"] == 1)
    }

    @Test func aSmallPageIsNoSection() throws {
        let label = Self.picture(40, 40, red: Finding.Box(x: 5, y: 5, width: 20, height: 20))
        let result = try pipeline.result(ofPages: [Self.first, label]) { layout, number in
            if number == 1 { layout.resolution = nil }
        }
        #expect(result.findings.map(\.image) == [0])
        #expect(result.remarks.first == "the file holds 2 images; only the largest was analysed")
        // With the spacing of the other it is one.
        #expect(try pipeline.result(ofPages: [Self.first, label]).findings.map(\.image) == [0, 1])
    }

    @Test func namedPicturesAreNone() throws {
        for name in ["Label", "Macro image", "thumbnail"] {
            let result = try pipeline.result(ofPages: [Self.first, Self.second]) { layout, number in
                if number == 1 { layout.imageDescription = name }
            }
            #expect(result.findings.map(\.box) == [Self.first.rectangles[0].box])
        }
    }

    /// The pipeline refuses what has no spacing: the page is left out, and the scan is not.
    @Test func anImageThatCannotBeLookedAtIsNamed() throws {
        let result = try pipeline.result(ofPages: [Self.second, Self.first]) { layout, number in
            if number == 1 { layout.resolution = nil }
        }
        #expect(result.findings.map(\.image) == [0])
        #expect(
            result.remarks.contains { $0.hasPrefix("image 1: was not analysed: the file does not tell its spacing") })
    }

    @Test func eachImageHasItsSpacing() throws {
        let result = try pipeline.result(ofPages: [Self.second, Self.first]) { layout, number in
            if number == 1 { layout.resolution = TIFFResolution(x: 20_000, y: 20_000, unit: .centimetre) }
        }
        #expect(result.findings.map(\.areaPixels) == [1_200, 600])
        #expect(result.findings.map(\.areaSquareMicrometres) == [1_200, 150])
        #expect(result.remarks.contains("image 1: its spacing is 0.5 um/px (resolution-tags), not the first's"))
    }
}
