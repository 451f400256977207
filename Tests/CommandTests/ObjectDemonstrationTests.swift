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
        if option == "--objects" { try tablesOfOtherProgramsSayTheSame(folder, figures: evaluation.output) }
    }

    /// Scans and classes that a table writes otherwise than the manifest and the pipeline.
    private func tablesOfOtherProgramsSayTheSame(_ folder: TemporaryFolder, figures: String) throws {
        let table = try String(contentsOfFile: folder["drawn/objects.csv"], encoding: .utf8)
        let scan = "scans/SMEAR0001/SMEAR0001-01.tif"
        func evaluated(_ change: (String) -> String) throws -> Scanreport {
            try folder.write("other.csv", change(table))
            return try Scanreport(
                ["evaluate", "--manifest", "drawn/manifest.csv", "--objects", "other.csv", "--format", "json"],
                in: folder)
        }
        let elsewhere = #"X:\scans\SMEAR0001\SMEAR0001-01.tif"#
        for name in ["./\(scan)", folder["drawn/\(scan)"], "SMEAR0001-01.tif", elsewhere] {
            let other = try evaluated { $0.replacing(scan, with: name) }
            #expect(other.status == 0 && other.output == figures, "\(name): \(other.errors)")
        }
        let strange = try evaluated { $0.replacing(scan, with: "elsewhere.tif") }
        #expect(strange.status == 1 && strange.errors.contains("names 1 scan that the manifest does not"))
        #expect(strange.output.contains("the table of objects does not name it: a line with the scan alone says"))
        let capitals = try evaluated { $0.replacing(",RBC", with: ",rbc") }
        #expect(capitals.status == 1 && capitals.output.contains(#""classes_not_found""#), "\(capitals.errors)")
        let corners = try evaluated { table in
            table.split(separator: "\n").map { line in
                var fields = line.split(separator: ",").map(String.init)
                for index in 1...2 where Int(fields[index]) != nil {
                    fields[index + 2] = String((Int(fields[index]) ?? 0) + (Int(fields[index + 2]) ?? 0))
                }
                return fields.joined(separator: ",") + "\n"
            }.joined()
        }
        #expect(corners.status == 65 && corners.errors.contains("are these its far corner"), "\(corners.errors)")
    }
}
