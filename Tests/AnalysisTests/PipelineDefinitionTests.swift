import Analysis
import Imaging
import Slides
import Testing

@Suite struct PipelineDefinitionTests {
    static let good = """
        name: colorectal-biopsy
        stages:
          - name: glands
            kind: segmentation
            card: gland-unet.md
            tile: 512
            overlap: 128
          - name: grades
            kind: classification
            within: glands
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
        #expect(definition.stages.map(\.name) == ["glands", "grades"])
        #expect(definition.stages.map(\.kind) == [.segmentation, .classification])
        #expect(definition.stages.map(\.within) == [nil, "glands"])
        #expect(definition.stages.map(\.overlap) == [128, 0])
        #expect(definition.stages.map(\.augmentation) == [.none, .none])
        #expect(definition.tissue == .otsu(minimumSaturation: 12))
        #expect(definition.spacing == .assume(micrometresPerPixel: 0.5))
        #expect(definition.quality[.laplacianVariance]?.warnBelow == 1.5)
        #expect(definition.reading == .default)
    }

    @Test func theLimitsOfTheReaderCanBeRaised() throws {
        let definition = try PipelineDefinition(yaml: Self.good + "\nreading:\n  maximum-expansion: 5000")
        #expect(definition.reading.maximumExpansion == 5_000)
        #expect(definition.reading.maximumTileBytes == ReadingLimits.default.maximumTileBytes)
    }

    @Test func coloursAreReadAsThePipelineSays() throws {
        #expect(
            try PipelineDefinition(yaml: Self.good).reading.colour == ColourReading(channels: nil, appliesProfile: true)
        )
        let text = Self.good + "\ncolour:\n  profile: ignore\n  channels: [3, 2, 1]"
        let colour = try PipelineDefinition(yaml: text).reading.colour
        #expect(colour == ColourReading(channels: [3, 2, 1], appliesProfile: false))
        for wrong in ["profile: perhaps", "channels: [1, 2]", "channels: [0, 1, 2]", "channels: [1.5, 2, 3]"] {
            #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: Self.good + "\ncolour:\n  \(wrong)") }
        }
    }

    @Test func tissueIsFoundAsThePipelineSays() throws {
        func tissue(_ text: String) throws -> PipelineDefinition.Tissue {
            let method = "\ntissue: \(text)"
            return try PipelineDefinition(yaml: Self.good.replacing("\ntissue: otsu", with: "") + method).tissue
        }
        #expect(try tissue("otsu") == .otsu(minimumSaturation: 12))
        #expect(try tissue("{ method: otsu, minimum-saturation: 7 }") == .otsu(minimumSaturation: 7))
        #expect(try tissue("{ minimum-saturation: 7 }") == .otsu(minimumSaturation: 7))
        #expect(try tissue("off") == .off && tissue("{ method: off }") == .off)
        for wrong in ["guess", "{ method: guess }", "{ minimum-saturation: 0 }", "{ saturation: 7 }", "[otsu]"] {
            #expect(throws: PipelineError.self) { try tissue(wrong) }
        }
        #expect(throws: PipelineError.self) { try tissue("{ method: off, minimum-saturation: 7 }") }
    }

    @Test func artefactsAreNamedOrOff() throws {
        func artefacts(_ text: String) throws -> Set<Artefact> {
            try PipelineDefinition(yaml: Self.good + "\n\(text)").artefacts
        }
        #expect(try artefacts("") == [] && artefacts("artefacts: off") == [])
        #expect(try artefacts("artefacts: [pen, blur, fold, bubble]") == Set(Artefact.allCases))
        for wrong in ["on", "[ink]", "[]", "[pen, pen]", "{ pen: true }"] {
            #expect(throws: PipelineError.self) { try artefacts("artefacts: \(wrong)") }
        }
    }

    /// A small mutation of the good definition, and what the error must name.
    @Test(arguments: [
        ("tile: 512", "tile: 513x", "stages.glands.tile must be a whole number"),
        ("tile: 512", "tile: 100000", "stages.glands.tile must be a whole number from 8 to 4096"),
        ("overlap: 128", "overlap: 400", "stages.glands.overlap must be at most half the tile"),
        ("overlap: 128", "ovrelap: 128", "stages.glands.ovrelap is not a key that is known here"),
        ("  unknown: assume", "  unknown: guess", "spacing.unknown is `guess`; it must be one of: refuse, assume"),
        ("  assumed-um-px: 0.5", "  assumed-um-px: .nan", "spacing.assumed-um-px must be a number"),
        ("name: colorectal-biopsy", "name: ../etc", "name must be lower-case letters, digits and hyphens"),
        ("name: colorectal-biopsy", "precision: half", "name is missing"),
        ("name: colorectal-biopsy", "- name", "not YAML"),
        ("laplacian_variance", "sharpness", "quality.sharpness is no quality measure"),
        ("overlap: 128", "overlap: 128\n    overlap: 64", "found the following duplicated key(s): 'overlap'"),
        ("overlap: 128", "overlap: 128\n    fill-holes-px: 9", "fill-holes-px must be at most minimum-area-px"),
        ("name: glands", "name: Glands", "stages.Glands.name must be lower-case letters"),
        ("kind: segmentation", "kind: seeking", "stages.glands.kind is `seeking`; it must be one of: segmentation"),
        ("within: glands", "within: nests", "stages.grades.within is `nests`, which is no segmentation stage before"),
        ("name: grades", "name: glands", "stages.glands.name is the name of an earlier stage too"),
        ("kind: segmentation", "kind: segmentation\n    within: grades", "a segmentation looks at all tissue"),
        ("stages:", "stages: 3\nx:", "stages must be a list of mappings"),
        ("stages:", "stages: []\nx:", "stages must be a list of mappings"),
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

    @Test func theFormOfOneSegmentationAndOneClassificationIsAnsweredWithTodays() throws {
        let old = """
            name: lab
            segmentation: { card: seg.md, tile: 256, overlap: 64 }
            classification: { card: cls.md, tile: 224 }
            spacing: { unknown: refuse }
            """
        let error = try #require(throws: PipelineError.self) { try PipelineDefinition(yaml: old) }
        let shown = try #require(error.description.firstMatch(of: /`(stages: .*)`/)).1
        let stages = try PipelineDefinition(yaml: "name: lab\n\(shown)\nspacing: { unknown: refuse }").stages
        #expect(stages.map(\.card) == ["seg.md", "cls.md"])
        #expect(stages.map(\.tile) == [256, 224])
        #expect(stages.map(\.within) == [nil, "glands"])
    }

    @Test func everythingThatIsWrongIsNamedAtOnce() {
        let error = #expect(throws: PipelineError.self) { try PipelineDefinition(yaml: "name: X\ncolour: red") }
        #expect(error?.problems.count == 4, "\(error?.problems ?? [])")
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
