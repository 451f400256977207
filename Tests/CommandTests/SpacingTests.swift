import Foundation
import TestSupport
import Testing

/// Spacings that no microscope gives, and scans of which nothing would be left.
@Suite struct SpacingTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0005/DEMO0005-01.tif", to: "scans/P1/a.tif")
    }

    private func run(spacing: String) throws -> Scanreport {
        try folder.write("scans.csv", "scan,patient,spacing_um_px\nP1/a.tif,P1,\(spacing)\n")
        return try Scanreport(["run", "scans", "--manifest", "scans.csv"], in: folder)
    }

    @Test(arguments: ["0.0014", "1400", "2e9", "1.4e-6", "0", "-1"])
    func aSpacingInAnotherUnitIsRefused(spacing: String) throws {
        let run = try run(spacing: spacing)
        #expect(run.status == 65)
        #expect(run.errors.contains("line 2 of the manifest"), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test func aScanOfAFewPixelsIsNotGraded() throws {
        let run = try run(spacing: "0.06")
        #expect(run.status == 1)
        #expect(run.output.contains("failed: 1 x open: unsupported"), "\(run.output)")
        let query = try Scanreport(["query", "--patient", "P1", "--format", "json"], in: folder)
        #expect(query.output.contains("too few to grade"), "\(query.output)")
    }
}
