import Foundation
import TestSupport
import Testing

/// The shipped pipelines of objects over the scans that are drawn for them: what is found is nearly what was drawn.
@Suite struct ObjectDemonstrationTests {
    private struct Report: Decodable {
        struct Figure: Decodable {
            struct Estimate: Decodable { let value: Double? }
            let measure: String
            let `class`: String?
            let estimate: Estimate
        }
        struct Count: Decodable {
            let `class`: String
            let `true`: Int
            let found: Int
        }
        let scans: Int
        let figures: [Figure]
        let counts: [Count]
    }

    @Test(arguments: [("blood-smear", "--objects", "objects.csv"), ("nuclei", "--labels", "labels")])
    func findsWhatIsDrawn(pipeline: String, option: String, truth: String) throws {
        let folder = try TemporaryFolder()
        try folder.copy("Fixtures/\(pipeline)", to: "drawn")
        let run = try Scanreport(["run", "drawn/scans", "--pipeline", pipeline], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("4 found: 4 analysed"))
        let evaluation = try Scanreport(
            ["evaluate", "--manifest", "drawn/manifest.csv", option, "drawn/\(truth)", "--format", "json"], in: folder)
        #expect(evaluation.status == 0, "\(evaluation.errors)")
        let report = try JSONDecoder().decode(Report.self, from: Data(evaluation.output.utf8))
        #expect(report.scans == 4)
        let f1 = try #require(report.figures.first { $0.measure == "f1_50" && $0.class == nil }?.estimate.value)
        #expect(f1 > 0.9)
        for count in report.counts {
            #expect(abs(Double(count.found - count.true)) <= 0.1 * Double(count.true) + 1, "\(count)")
        }
    }
}
