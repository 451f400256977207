import Foundation
import TestSupport
import Testing

/// Results never take the place of what they were made of.
@Suite struct OutputPlaceTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0005/DEMO0005-01.tif", to: "scans/P1/a.tif")
        try #require(try Scanreport(["run", "scans"], in: folder).status == 0)
    }

    private func content(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: folder[name])) }

    private static let takenPlaces = [
        ["export", "--output", "scanreport.sqlite"], ["export", "--output", "scanreport.sqlite-wal"],
        ["export", "--output", "scans/P1/a.tif"], ["export", "--output", "link.csv"],
        ["export", "--output", "hard-link.csv"], ["export", "--output", "scans/findings.csv"],
        ["export", "--format", "masks", "--output", "scans"],
        ["export", "--format", "geojson", "--output", "scans/P2"],
        ["run", "scans", "--summary", "scanreport.sqlite"], ["run", "scans", "--summary", "scans/P1/a.tif"],
        ["export", "--format", "masks", "--output", "-"], ["report", "--output", "-"], ["backup", "-"],
        ["run", "scans", "--summary", "-"], ["run", "scans", "--summary", "scanreport.sqlite.lock"],
        ["run", "scans/P1/a.tif", "--summary", "link.csv"],
    ]

    @Test func nothingIsWrittenOverTheDatabaseOrAScanOrAmongTheScans() throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder["link.csv"], withDestinationPath: folder["scans/P1/a.tif"])
        try FileManager.default.linkItem(atPath: folder["scans/P1/a.tif"], toPath: folder["hard-link.csv"])
        let before = try [content("scanreport.sqlite"), content("scans/P1/a.tif")]
        for arguments in Self.takenPlaces {
            let result = try Scanreport(arguments, in: folder)
            #expect(result.status == 64, "\(arguments): \(result.errors)")
            #expect(result.errors.contains("choose another place"), "\(arguments)")
            #expect(try [content("scanreport.sqlite"), content("scans/P1/a.tif")] == before, "\(arguments)")
            let scans = try FileManager.default.subpathsOfDirectory(atPath: folder["scans"]).sorted()
            #expect(scans == ["P1", "P1/a.tif"], "\(arguments)")
            #expect(!folder.contents.contains("-"), "\(arguments)")
        }
    }

    @Test(arguments: ["csv", "json"]) func aDashIsStandardOutput(format: String) throws {
        let before = folder.contents
        let (dash, plain) = (
            try Scanreport(["export", "--format", format, "--output", "-"], in: folder),
            try Scanreport(["export", "--format", format], in: folder)
        )
        #expect(dash.status == 0 && dash.output.count > 200 && dash.output == plain.output)
        #expect(folder.contents == before)
    }

    @Test func whatALinkPointsToIsForItsOwnerOnly() throws {
        try folder.write("target.csv", "open to all")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder["target.csv"])
        try FileManager.default.createSymbolicLink(
            atPath: folder["link.csv"], withDestinationPath: folder["target.csv"])
        #expect(try Scanreport(["export", "--output", "link.csv"], in: folder).status == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder["target.csv"])
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try content("target.csv").starts(with: Data("patient_id".utf8)))
    }

    @Test func leftoversOfAKilledExportGoWithTheNext() throws {
        // No process has such a number.
        try folder.write("findings.csv.4194305.partial", "patients' data")
        #expect(try Scanreport(["export", "--output", "findings.csv"], in: folder).status == 0)
        #expect(folder.contents.filter { $0.hasPrefix("findings") } == ["findings.csv"])
    }

    @Test func labelImagesAreNoScans() throws {
        #expect(try Scanreport(["export", "--format", "masks", "--output", "masks/P1"], in: folder).status == 0)
        let run = try Scanreport(["run", "masks"], in: folder)
        #expect(run.status == 1)
        #expect(run.output.contains("failed: 1 x open: unsupported"), "\(run.output)")
    }
}
