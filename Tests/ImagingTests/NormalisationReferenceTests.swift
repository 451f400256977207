import Imaging
import Slides
import Testing

/// Against the figures that other programs give for the same pixels: torchstain 1.4.1 (NumPy) for `macenko`, scikit-image 0.26
/// for the colour space of `reinhard`, OpenCV 5.0 for `clahe`, NumPy 2 for `percentile`.
@Suite struct NormalisationReferenceTests {
    /// A step, and colours of pixels of ``NormalisationTests/stained`` as the other program makes them.
    struct Reference: CustomTestStringConvertible, Sendable {
        let name: String
        var parameters: [String: [Double]] = [:]
        /// How far any channel may be off: rounding, and where CLAHE's regions are interpolated, half a pixel of position.
        let tolerance: Int
        let colours: [Int: [Int]]

        var testDescription: String { "\(name) \(parameters)" }
    }

    static let references = [
        Reference(
            name: "macenko", tolerance: 1,
            colours: [
                0: [237, 238, 239], 1: [150, 100, 139], 777: [107, 65, 108], 2_500: [83, 38, 77], 5_999: [104, 55, 96],
            ]),
        Reference(
            name: "reinhard", parameters: ["mean": [62, 24, -12], "std": [10, 6, 5]], tolerance: 1,
            colours: [
                0: [255, 237, 222], 1: [188, 137, 176], 777: [163, 117, 159], 2_500: [145, 98, 143],
                5_999: [158, 109, 154],
            ]),
        Reference(
            name: "clahe", parameters: ["regions": [5], "clip": [2]], tolerance: 3,
            colours: [
                0: [246, 250, 247], 1: [153, 88, 187], 777: [103, 54, 153], 2_500: [80, 23, 132],
                3_456: [255, 189, 255], 5_999: [95, 34, 143],
            ]),
        Reference(
            name: "clahe", parameters: ["regions": [4], "clip": [3.5]], tolerance: 3,
            colours: [
                0: [252, 255, 253], 1: [177, 110, 211], 777: [93, 45, 143], 2_500: [28, 0, 84],
                3_456: [255, 215, 255], 5_999: [77, 14, 126],
            ]),
    ]

    @Test(arguments: references)
    func coloursAreThoseOfTheOtherProgram(_ reference: Reference) throws {
        let image = NormalisationTests.stained
        let step = try NormalisationStep(name: reference.name, parameters: reference.parameters)
        let fitted = try Normalisation([step, NormalisationStep(name: "scale")])
            .fitted(to: TissueSample(image), overview: image)
        #expect(fitted.fallbacks.isEmpty)
        let normalised = fitted.colourNormalised(image)
        for (index, expected) in reference.colours {
            let found = normalised.pixels[3 * index..<3 * index + 3].map(Int.init)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= reference.tolerance }, "\(index): \(found)")
        }
    }

    /// What CLAHE makes of a pixel depends on its place in the scan, not on the tile that it is read in.
    @Test func claheHasNoSeams() throws {
        let image = NormalisationTests.stained
        let fitted = try Normalisation([NormalisationStep(name: "clahe"), NormalisationStep(name: "scale")])
            .fitted(to: nil, overview: image)
        let whole = fitted.colourNormalised(image)
        for window in [
            PixelWindow(x: 0, y: 0, width: 40, height: 60), PixelWindow(x: 33, y: 17, width: 51, height: 20),
        ] {
            let part = fitted.colourNormalised(
                try image.pixels(in: window), at: PicturePlace(window, scanWidth: 100, scanHeight: 60))
            #expect(part == (try whole.pixels(in: window)))
        }
    }

    @Test func claheWithoutAnOverviewIsLeftOutAndSaysSo() throws {
        let fitted = try Normalisation([NormalisationStep(name: "clahe"), NormalisationStep(name: "scale")])
            .fitted(to: TissueSample(NormalisationTests.stained))
        #expect(fitted.fallbacks.map(\.step) == ["clahe"])
        #expect(fitted.colourNormalised(NormalisationTests.stained) == NormalisationTests.stained)
    }

    @Test func noEstimateIsMadeOfWhatClaheMakes() throws {
        let steps = try ["clahe", "macenko", "scale"].map { try NormalisationStep(name: $0) }
        #expect(throws: ImagingError.self) { try Normalisation(steps) }
    }
}
