import Analysis
import Findings
import Fixtures
import Imaging
import Testing

/// What a pipeline's definition says about a scan's quality and colours, and what becomes of it.
@Suite struct AppearanceTests {
    private let scene = Scene(
        seed: 11, patient: 5, glandClass: .normal, width: 260, height: 230, spacing: 1.5)

    private func result(_ settings: String) throws -> AnalysisResult {
        try ColourPipeline(tile: 128, overlap: 32, settings: settings).result(of: scene.draw(), spacing: scene.spacing)
    }

    @Test(arguments: ["tissue_share", "deconv_c0_mean", "tenenGrad_contrast", "grayscale_brightness"])
    func aMeasurePastABoundWarnsOrRejectsAndSaysWhich(measure: String) throws {
        let plain = try result("")
        #expect(plain.status == .findings)
        #expect(plain.remarks.isEmpty)
        let value = try #require(plain.quality[measure])
        for (bound, limit) in [("below", value + 1), ("above", value - 0.001)] {
            let warned = try result("quality: { \(measure): { warn-\(bound): \(limit) } }")
            #expect(warned.status == .findings && warned.findings == plain.findings)
            #expect(warned.remarks.contains { $0.hasPrefix("\(measure) is") && $0.contains(bound) })
            let rejected = try result("quality: { \(measure): { reject-\(bound): \(limit) } }")
            #expect(rejected.status == .rejected && rejected.findings.isEmpty)
            #expect(rejected.remarks.contains { $0.hasPrefix("\(measure) is") && $0.contains(bound) })
            #expect(rejected.quality == plain.quality)
        }
    }

    /// The network marks what is dark in red: a step that takes the red out of everything leaves it nothing.
    @Test func aStepOfThePipelineComesBeforeThoseOfTheModels() throws {
        #expect(try result("").findings.contains { $0.kind == .region })
        let pale = "normalisation: { method: reinhard, mean: [95, 0, 0], std: [0.5, 0.5, 0.5] }"
        #expect(try !result(pale).findings.contains { $0.kind == .region })
        let contrast = try result("normalisation: { method: clahe, regions: 2 }")
        #expect(contrast.findings.contains { $0.kind == .region })
        #expect(contrast.remarks.isEmpty)
    }
}
