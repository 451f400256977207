import Fixtures
import Foundation
import TestSupport
import Testing

/// The demonstration set through every command, as a user types them.
@Suite(.serialized) final class DemonstrationTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans", to: "scans")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    @Test func aNightIsAnalysedQueriedAndExportedAndTheNextFindsNothingToDo() throws {
        let first = try scanreport("run", "scans")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("21 found: 21 analysed"))
        #expect(first.errors.isEmpty)

        let second = try scanreport("run", "scans")
        #expect(second.status == 0)
        #expect(second.output.contains("21 found: 21 done before"))

        let patients = try scanreport("patients", "--format", "csv")
        #expect(patients.output.split(separator: "\n").count == 9)

        let query = try scanreport("query", "--patient", "DEMO0001")
        #expect(query.status == 0)
        #expect(query.output.contains("Not to be read as negative"))
        #expect(query.output.contains("no-tissue"))

        // No finding would read as negative.
        let miswritten = try scanreport("query", "--label", "normal")
        #expect(miswritten.status == 66 && miswritten.errors.contains("but some are labelled Normal"))
        let unknown = try scanreport("query", "--label", "Nothing")
        #expect(unknown.status == 0 && unknown.errors.contains("no finding of any scan is labelled Nothing"))

        let export = try scanreport("export")
        let rows = export.output.split(separator: "\n")
        #expect(
            rows.first == """
                patient_id,scan,scan_sha256,finding_id,kind,label,confidence,raw_confidence,x,y,width,height,\
                centroid_x,centroid_y,area_px,area_um2,pipeline,pipeline_sha256,segmentation_model_sha256,\
                classification_model_sha256,run_id,analysed_at,probabilities,spacing_um_px,spacing_source,remarks,image,\
                detection_model_sha256
                """)
        let ofPatient = try scanreport("query", "--patient", "DEMO0001", "--format", "csv")
        #expect(
            ofPatient.output.split(separator: "\n").dropFirst() == rows.dropFirst().filter { $0.hasPrefix("DEMO0001,") }
        )

        let evaluation = try scanreport("evaluate", "--manifest", "scans/manifest.csv", "--format", "json")
        #expect(evaluation.status == 0, "\(evaluation.errors)")
        #expect(
            folder.contents == [
                "scanreport.sqlite", "scanreport.sqlite-shm", "scanreport.sqlite-wal", "scanreport.sqlite.lock",
                "scans",
            ])
    }

    @Test func anExportToALinkWritesWhereItLeadsAndLeavesTheLink() throws {
        #expect(try scanreport("run", "scans").status == 0)
        let link = folder["link"]
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/proc/self/fd/1")
        let export = try scanreport("export", "--output", link)
        #expect(export.status == 0, "\(export.errors)")
        #expect(export.output == (try scanreport("export").output))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/proc/self/fd/1")
    }

    @Test func theNumberOfWorkersDoesNotShowInTheFindings() throws {
        // Seven scans, one of them without tissue.
        for workers in ["1", "2", "5"] {
            let run = try scanreport(
                "run", "scans/DEMO0001", "scans/DEMO0003", "--workers", workers, "--database", "\(workers).sqlite")
            #expect(run.status == 0, "\(run.errors)")
        }
        let exports = try ["1", "2", "5"].map { try findings(in: "\($0).sqlite") }
        #expect(!exports[0].isEmpty)
        #expect(exports[1] == exports[0])
        #expect(exports[2] == exports[0])
    }

    @Test func oneUnreadableFileIsAFailureRowAndTheRestIsAnalysed() throws {
        try folder.write("scans/DEMO0002/broken.tif", "II*\u{0} this is no TIFF file")
        let run = try scanreport("run", "scans")
        #expect(run.status == 1)
        #expect(run.output.contains("22 found: 21 analysed, 1 failed"), "\(run.output)")
        #expect(!(run.output + run.errors).contains("broken"))
        let query = try scanreport("query", "--patient", "DEMO0002")
        #expect(query.status == 0)
        #expect(query.output.contains("DEMO0002/broken.tif"))
        #expect(query.output.contains("failed"))
    }

    @Test func regionsAreExportedAsLabelImagesInTheOrderOfTheCSV() throws {
        #expect(try scanreport("run", "scans/DEMO0003").status == 0)
        #expect(try scanreport("export", "--format", "masks", "--output", "masks").status == 0)
        #expect(folder.contents.contains("masks"))
        let masks = try FileManager.default.contentsOfDirectory(atPath: folder["masks"])
        #expect(masks.count == 3)
        let rows = try scanreport("export", "--format", "csv").output.split(separator: "\n").dropFirst()
        for mask in masks {
            let regions = rows.filter { $0.contains(mask.dropLast(4)) && $0.contains(",region,") }
            let inspection = try scanreport("inspect", "masks/\(mask)", "--statistics", "--format", "json")
            #expect(inspection.status == 0)
            #expect(!regions.isEmpty)
        }
    }

    @Test func regionsAreExportedAsOutlinesClosedRingsInPixelsOfTheScan() throws {
        #expect(try scanreport("run", "scans/DEMO0003").status == 0)
        let export = try scanreport("export", "--format", "geojson", "--output", "outlines", "--tolerance", "0.5")
        #expect(export.status == 0, "\(export.errors)")
        let rows = try scanreport("export", "--format", "csv").output.split(separator: "\n").dropFirst()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder["outlines"])
        #expect(files.count == 3)
        for file in files {
            let data = try Data(contentsOf: URL(filePath: folder["outlines/\(file)"]))
            let collection = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(collection["type"] as? String == "FeatureCollection")
            let features = try #require(collection["features"] as? [[String: Any]])
            #expect(features.count == rows.filter { $0.contains(file.dropLast(8)) && $0.contains(",region,") }.count)
            for feature in features {
                let properties = try #require(feature["properties"] as? [String: Any])
                let measurements = try #require(properties["measurements"] as? [String: Double])
                let names = ["area_px", "perimeter_px", "eccentricity", "mean_probability", "maximum_probability"]
                #expect(names.allSatisfy { measurements[$0] != nil })
                let geometry = try #require(feature["geometry"] as? [String: Any])
                let polygons = try #require(
                    geometry["type"] as? String == "Polygon"
                        ? [geometry["coordinates"] as? [[[Int]]]].compactMap { $0 }
                        : geometry["coordinates"] as? [[[[Int]]]])
                #expect(polygons.joined().allSatisfy { $0.count >= 4 && $0.first == $0.last })
            }
        }
        #expect(try scanreport("export", "--format", "geojson").status == 64)
    }

    @Test func aDryRunWritesNothing() throws {
        let run = try scanreport("run", "scans", "--dry-run")
        #expect(run.status == 0)
        #expect(folder.contents == ["scans"])
    }

    /// The export without what names a run or a moment.
    private func findings(in database: String) throws -> [[Substring]] {
        let export = try scanreport("export", "--database", database)
        return export.output.split(separator: "\n").map { row in
            var fields = row.split(separator: ",", omittingEmptySubsequences: false)
            fields.removeSubrange(20...21)
            return fields
        }
    }
}
