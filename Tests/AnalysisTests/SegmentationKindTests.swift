import Analysis
import Findings
import Imaging
import NeuralNetworks
import Testing

/// What labs' networks look like: each marks the same two rectangles.
@Suite struct SegmentationKindTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue])
        var input = "name: image, normalisation: { method: scale }"
        var output = "activation: softmax, classes: [ground, red, blue], background: ground"
        var stage = ", tile: 64, overlap: 16"
    }

    /// The picture is light all over, and pale.
    @Test(arguments: [(60, AnalysisResult.Status.findings), (254, .noTissue)])
    func noTissueSaysHowNearItWas(minimumSaturation: Int, status: AnalysisResult.Status) throws {
        let network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue])
        let pipeline = try HandmadePipeline(
            [
                .init(
                    graph: network.graph(), task: "segmentation",
                    output: "activation: softmax, classes: [background, red, blue]", stage: ", tile: 64, overlap: 0")
            ], tissue: "{ method: otsu, minimum-saturation: \(minimumSaturation) }")
        let spot = (Finding.Box(x: 20, y: 16, width: 40, height: 34), [255, 190, 190] as [UInt8])
        let result = try pipeline.result(of: Rectangles(width: 162, height: 130, rectangles: [spot]))
        #expect(result.status == status)
        let remark = /no tissue: saturation reaches 70 of 255, and tissue begins at 254 \(tissue.minimum-saturation\)/
        #expect(
            result.remarks.contains { $0.wholeMatch(of: remark) != nil } == (status == .noTissue), "\(result.remarks)")
    }

    private static let pair = ColourNetwork(classes: [ColourNetwork.red, ColourNetwork.blue])
    private static let halving = AveragePooling(window: Window(kernelShape: [2, 2], strides: [2, 2]))

    static let kinds = [
        Kind(testDescription: "softmax with a background"),
        Kind(testDescription: "with a threshold", stage: ", tile: 64, overlap: 16, threshold: 0.6"),
        Kind(
            testDescription: "softmax, the background by its name",
            output: "activation: softmax, classes: [Background, red, blue]"),
        Kind(testDescription: "sigmoids", network: pair, output: "activation: sigmoid, classes: [red, blue]"),
        Kind(
            testDescription: "softmax inside", network: with { $0.tail = [Softmax(axis: 1)] },
            output: "activation: none, classes: [ground, red, blue], background: ground"),
        Kind(
            testDescription: "sigmoids inside",
            network: with { ($0.classes, $0.tail) = (pair.classes, [UnaryElementwise(.sigmoid)]) },
            output: "activation: none, multi-label: true, classes: [red, blue]"),
        Kind(
            testDescription: "channels last", network: with { $0.channelsLast = true },
            input: "name: image, layout: NHWC, normalisation: { method: scale }"),
        Kind(
            testDescription: "blue first",
            network: with { $0.classes = $0.classes.map { [$0[2], $0[1], $0[0], $0[3]] } },
            input: "name: image, colour: BGR, normalisation: { method: scale }"),
        Kind(
            testDescription: "of 0 to 255",
            network: with { $0.classes = $0.classes.map { [$0[0] / 255, $0[1] / 255, $0[2] / 255, $0[3]] } },
            input: "name: image, range: [0, 255], normalisation: { method: scale }"),
        Kind(
            testDescription: "of -1 to 1",
            network: with {
                $0.classes = $0.classes.map { [$0[0] / 2, $0[1] / 2, $0[2] / 2, $0[3] + ($0[0] + $0[1] + $0[2]) / 2] }
            },
            input: "name: image, range: [-1, 1], normalisation: { method: scale }"),
        Kind(
            testDescription: "mean and std in 0 to 255, blue first",
            network: with {
                $0.classes = $0.classes.map { [$0[2] / 5.1, $0[1] / 5.1, $0[0] / 2.55, $0[3] + $0[0] * 0.2] }
            },
            input:
                "name: image, colour: BGR, range: [0, 255], normalisation: { method: mean-std, mean: [0, 0, 51], std: [50, 50, 100] }"
        ),
        Kind(testDescription: "of one size", network: with { $0.side = 64 }, stage: ", overlap: 16"),
        Kind(
            testDescription: "of one size, larger than the scan", network: with { $0.side = 256 },
            stage: ", overlap: 16"),
        Kind(testDescription: "of a size that is no multiple of 32", stage: ", tile: 50, overlap: 10"),
        Kind(
            testDescription: "of its card's size", input: "name: image, size: 96, normalisation: { method: scale }",
            stage: ", overlap: 16"),
        Kind(testDescription: "without padding", network: with { ($0.kernel, $0.pads) = (9, false) }),
        Kind(
            testDescription: "without padding, of one size",
            network: with { ($0.kernel, $0.pads, $0.side) = (9, false, 72) }, stage: ", overlap: 16"),
        Kind(testDescription: "at half the resolution", network: with { $0.tail = [halving] }),
        Kind(
            testDescription: "at a quarter, of one size",
            network: with { ($0.tail, $0.side) = ([halving, halving], 128) },
            stage: ", overlap: 32"),
    ]

    private static func with(_ change: (inout ColourNetwork) -> Void) -> ColourNetwork {
        var network = ColourNetwork(classes: [ColourNetwork.ground, ColourNetwork.red, ColourNetwork.blue])
        change(&network)
        return network
    }

    /// The label is then the grade's, and what the region is would be nowhere.
    @Test func aRegionThatAnotherStageGradesSaysWhatItWasMarkedAs() throws {
        let grades = ColourNetwork(
            classes: [ColourNetwork.ground, ColourNetwork.red], tail: [GlobalPooling(.average), Flatten()])
        let pipeline = try HandmadePipeline([
            .init(
                graph: Self.with { _ in }.graph(), task: "segmentation",
                output: "activation: softmax, classes: [background, red, blue]", stage: ", tile: 64, overlap: 16"),
            .init(
                graph: grades.graph(), task: "classification", output: "activation: softmax, classes: [a, b]",
                stage: ", tile: 64, within: stage-1"),
        ])
        let regions = try pipeline.result(of: .pair).findings.filter { $0.kind == .region }
        #expect(regions.count == 2 && regions.allSatisfy { ["a", "b"].contains($0.label) })
        let structures = regions.map { $0.measurements.keys.filter { $0.hasPrefix("structure_") } }
        #expect(Set(structures) == [["structure_red"], ["structure_blue"]])
        for (region, keys) in zip(regions, structures) {
            #expect(keys.allSatisfy { region.measurements[$0] == region.measurements["mean_probability"] })
        }
    }

    @Test(arguments: kinds)
    func findWhatIsThereOnceAndLabelIt(kind: Kind) throws {
        let pipeline = try HandmadePipeline([
            .init(
                graph: kind.network.graph(), task: "segmentation", input: kind.input, output: kind.output,
                stage: kind.stage)
        ])
        let result = try pipeline.result(of: .pair)
        let exact = !kind.testDescription.contains("quarter")
        try #require(result.findings.map(\.label) == ["red", "blue"])
        for (index, finding) in result.findings.enumerated() {
            let box = Rectangles.pair.rectangles[index].box
            #expect(finding.ordinal == index && finding.kind == .region)
            #expect(finding.confidence > (exact && !kind.testDescription.contains("half") ? 0.99 : 0.8))
            #expect(finding.probabilities.map(\.label) == [finding.label])
            let pixels = try RunLengths(decoding: Array(try #require(finding.geometry)))
            let truth = RunLengths(
                joining: (box.y..<box.y + box.height).map { PixelRun(row: $0, start: box.x, length: box.width) })
            if exact { #expect(pixels == truth) }
            #expect(2 * pixels.intersectionCount(with: truth) > (pixels.pixelCount + truth.pixelCount) * 95 / 100)
        }
    }

    @Test func aScanInWhichNothingIsMarkedSaysSo() throws {
        let pipeline = try HandmadePipeline([
            .init(
                graph: Self.pair.graph(), task: "segmentation", output: "activation: sigmoid, classes: [red, blue]",
                stage: ", tile: 64, overlap: 16")
        ])
        var picture = Rectangles.pair
        picture.rectangles = [(Finding.Box(x: 9, y: 9, width: 30, height: 30), [225, 170, 200])]
        let result = try pipeline.result(of: picture)
        #expect(result.findings.isEmpty)
        #expect(result.remarks.contains { $0.contains("nothing was marked") })
    }

    /// Several classes at one pixel, where the network says each on its own.
    @Test func regionsOfClassesThatDoNotExcludeEachOtherOverlap() throws {
        let dark: [Float] = [-20, -20, 0, 20]
        let pipeline = try HandmadePipeline([
            .init(
                graph: ColourNetwork(classes: [dark, ColourNetwork.blue]).graph(), task: "segmentation",
                output: "activation: sigmoid, classes: [dark, blue]", stage: ", tile: 64, overlap: 16")
        ])
        let findings = try pipeline.result(of: .pair).findings
        #expect(findings.map(\.label) == ["dark", "dark", "blue"])
        #expect(findings[1].geometry == findings[2].geometry)
    }
}
