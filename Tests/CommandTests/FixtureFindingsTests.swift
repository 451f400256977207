import Foundation
import TestSupport
import Testing

/// The findings of the fixtures against those that are committed: what changes them needs a new `AnalysisRevision`, or
/// databases would keep old findings for new ones.
///
/// After a new revision, `SCANREPORT_WRITE_GOLDENS=1 Tests/run --filter FixtureFindingsTests` writes the file anew.
@Suite struct FixtureFindingsTests {
    private static let golden = Repository.path("Tests/CommandTests/Goldens/fixture-findings.csv")

    /// On the instruction set that the file was written on, to the last digit; on others, which round otherwise, nearly.
    @Test func findingsChangeWithTheAnalysisRevisionOnly() throws {
        let folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans", to: "scans")
        let run = try Scanreport(["run", "scans"], in: folder)
        try #require(run.status == 0, "\(run.errors)")
        let found = FindingsGolden(
            version: try Scanreport(["--version"], in: folder).output,
            findings: try FindingsGolden.findings(inExport: Scanreport(["export"], in: folder).output))
        if ProcessInfo.processInfo.environment["SCANREPORT_WRITE_GOLDENS"] == "1" {
            try Data(found.text.utf8).write(to: URL(filePath: Self.golden))
        }
        let expected = try FindingsGolden(text: String(contentsOfFile: Self.golden, encoding: .utf8))
        #expect(expected.findings.count > 100)
        #expect(found.analysis == expected.analysis, "the goldens are of another revision: write them anew")
        let advice: Comment = "findings changed: raise AnalysisRevision.current, and write the goldens anew"
        if found.engine == expected.engine {
            #expect(found.findings == expected.findings, advice)
        } else {
            // A region at the least area may appear or go.
            #expect(abs(found.findings.count - expected.findings.count) <= expected.findings.count / 50, advice)
            let strange = expected.findings.filter { finding in !found.findings.contains(where: finding.isNearly) }
            #expect(strange.count <= expected.findings.count / 50, advice)
        }
    }

    @Test func theVersionSaysWhatDecidesFindings() throws {
        let version = try Scanreport(["--version"], in: TemporaryFolder()).output.split(separator: "\n")
        #expect(version.map { $0.prefix { $0 != " " } } == ["scanreport", "engine:", "analysis:", "database:"])
        let changes = try String(contentsOfFile: Repository.path("CHANGELOG.md"), encoding: .utf8)
        #expect(changes.contains("## \(version[0].dropFirst("scanreport ".count))"))
    }
}
