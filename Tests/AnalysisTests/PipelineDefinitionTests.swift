import Analysis
import Slides
import Testing

@Suite struct PipelineDefinitionTests {
    static let good = """
        name: colorectal-biopsy
        segmentation:
          card: gland-unet.md
          tile: 512
          overlap: 128
        classification:
          card: tissue-efficientnet.md
          tile: 224
        spacing:
          unknown: assume
          assumed-um-px: 0.5
        quality:
          laplacian_variance:
            warn-below: 1.5
        """

    @Test func aDefinitionIsReadWithItsDefaults() throws {
        let definition = try PipelineDefinition(yaml: Self.good)
        #expect(definition.name == "colorectal-biopsy")
        #expect(definition.precision == .float32)
        #expect(definition.segmentation.threshold == 0.5)
        #expect(definition.segmentation.augmentation == .none)
        #expect(definition.classification.overlap == 0)
        #expect(definition.tissue == .otsu)
        #expect(definition.spacing == .assume(micrometresPerPixel: 0.5))
        #expect(definition.quality[.laplacianVariance]?.warnBelow == 1.5)
        #expect(definition.reading == .default)
    }

    @Test func theLimitsOfTheReaderCanBeRaised() throws {
        let definition = try PipelineDefinition(yaml: Self.good + "\nreading:\n  maximum-expansion: 5000")
        #expect(definition.reading.maximumExpansion == 5_000)
        #expect(definition.reading.maximumTileBytes == ReadingLimits.default.maximumTileBytes)
    }

    /// A small mutation of the good definition, and what the error must name.
    @Test(arguments: [
        ("tile: 512", "tile: 513x", "segmentation.tile must be a whole number"),
        ("tile: 512", "tile: 100000", "segmentation.tile must be a whole number from 64 to 4096"),
        ("overlap: 128", "overlap: 400", "segmentation.overlap must be at most half the tile"),
        ("overlap: 128", "ovrelap: 128", "segmentation.ovrelap is not a key that is known here"),
        ("  unknown: assume", "  unknown: guess", "spacing.unknown is `guess`; it must be one of: refuse, assume"),
        ("  assumed-um-px: 0.5", "  assumed-um-px: .nan", "spacing.assumed-um-px must be a number"),
        ("name: colorectal-biopsy", "name: ../etc", "name must be lower-case letters, digits and hyphens"),
        ("name: colorectal-biopsy", "precision: half", "name is missing"),
        ("name: colorectal-biopsy", "- name", "not YAML"),
        ("laplacian_variance", "sharpness", "quality.sharpness is no quality measure"),
        ("segmentation:\n", "segmentation: 3\nx:\n", "segmentation must be a mapping"),
        (
            "quality:", "normalisation: { method: scale }\nquality:",
            "normalisation.method must be one that changes colours"
        ),
        (
            "quality:", "normalisation: { method: vahadane }\nquality:",
            "is none of scale, mean-std, percentile, reinhard"
        ),
        ("quality:", "normalisation: { method: clahe, tiles: 8 }\nquality:", "unknown parameter tiles"),
    ])
    func aWrongDefinitionIsRefusedByName(good: String, bad: String, message: String) {
        let text = Self.good.replacing(good, with: bad)
        let error = #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: text) }
        #expect(error?.kind == .invalid)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func everythingThatIsWrongIsNamedAtOnce() {
        let error = #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: "name: X\ncolour: red") }
        #expect(error?.problems.count == 5, "\(error?.problems ?? [])")
    }

    @Test func aHugeOrDeeplyNestedDefinitionIsRefused() {
        #expect(throws: PipelineError.self) {
            try PipelineDefinition(yaml: "name: " + String(repeating: "a", count: 100_000))
        }
        #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: String(repeating: "[", count: 60_000)) }
        #expect(throws: PipelineError.self) {
            try PipelineDefinition(yaml: String(repeating: "- ", count: 30_000) + "a")
        }
    }
}
