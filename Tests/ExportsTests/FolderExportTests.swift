import Exports
import FindingStore
import Findings
import Foundation
import TIFF
import Testing

/// Exports of a file a scan for other programs: what they are called, and what is in them.
@Suite struct FolderExportTests {
    private func export(
        _ findings: [Finding], patient: String = "P1", pseudonyms: Pseudonyms? = nil, _ make: (String) -> any Export
    ) throws -> (recorded: RecordedFindings, files: [String]) {
        let recorded = try RecordedFindings(findings, patient: patient)
        let folder = recorded.path("out")
        try make(folder).write(
            ExportQuestion(recorded.reader(), filter: FindingFilter(), pseudonyms: pseudonyms))
        return (recorded, try FileManager.default.subpathsOfDirectory(atPath: folder).sorted())
    }

    private func json(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func data(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    @Test func aFileFindsItsSlideByTheScansName() throws {
        let (_, files) = try export([.drawn(0), .drawn(1, image: 1, x: 4, y: 4), ofSecond]) {
            OutlineExport(folder: $0, tolerance: 0, naming: .scan)
        }
        #expect(files == ["a.geojson", "a.image1.geojson"])
    }

    private let ofSecond = Finding(
        ordinal: 2, kind: .scan, label: "Polyp", confidence: 0.5, rawConfidence: 0.5, image: 1,
        box: .init(x: 0, y: 0, width: 60, height: 40), centroid: .init(x: 30, y: 20), areaPixels: nil,
        areaSquareMicrometres: nil, probabilities: [], measurements: [:], geometry: nil)

    @Test func compressedOutlinesAreTheSameOutlines() throws {
        let (recorded, _) = try export([.drawn(0)]) { OutlineExport(folder: $0, tolerance: 0) }
        try OutlineExport(folder: recorded.path("gz"), tolerance: 0, isCompressed: true).write(
            ExportQuestion(recorded.reader(), filter: FindingFilter()))
        let path = recorded.path("gz/\(recorded.scan).geojson.gz")
        let gunzip = Process()
        gunzip.executableURL = URL(filePath: "/bin/gzip")
        gunzip.arguments = ["-d", "--keep", path]
        try gunzip.run()
        gunzip.waitUntilExit()
        #expect(gunzip.terminationStatus == 0)
        let plain = try data(recorded.path("out/\(recorded.scan).geojson"))
        #expect(try data(recorded.path("gz/\(recorded.scan).geojson")) == plain)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func tilesAreInWSInfersFoldersAndColumns() throws {
        let (recorded, files) = try export([.drawn(0, .tile), .drawn(1, .tile, label: "Normal", x: 40), .drawn(2)]) {
            WSInferExport(folder: $0)
        }
        #expect(files.filter { $0.contains("/") } == ["model-outputs-csv/a.csv", "model-outputs-geojson/a.json"])
        let lines = try String(contentsOfFile: recorded.path("out/model-outputs-csv/a.csv"), encoding: .utf8)
            .split(separator: "\n")
        #expect(
            lines == ["minx,miny,width,height,prob_Normal,prob_Polyp", "10,20,5,4,1e-07,0.75", "40,20,5,4,0.75,1e-07"])
        let features = try #require(
            try json(data(recorded.path("out/model-outputs-geojson/a.json")))["features"] as? [[String: Any]])
        #expect(features.count == 2)
        let properties = try #require(features[0]["properties"] as? [String: Any])
        #expect(properties["objectType"] as? String == "tile")
        #expect((properties["measurements"] as? [String: Double])?["prob_Polyp"] == 0.75)
    }

    @Test func noGradedTilesAreSaidToBeNone() throws {
        let error = try #require(throws: ExportError.self) { try export([.drawn(0)]) { WSInferExport(folder: $0) } }
        #expect(error.kind == .nothing)
    }

    /// The parts of large_image's `AnnotationSchema` that refuse a file: no further keys, coordinates of three numbers.
    @Test func annotationsAreAsTheDigitalSlideArchiveTakesThem() throws {
        let (recorded, files) = try export([.drawn(0), .drawn(1, .artefact, label: "ink", classes: [])]) {
            DSAExport(folder: $0, tolerance: 0)
        }
        #expect(files == ["\(recorded.scan).json"])
        let annotation = try json(data(recorded.path("out/\(files[0])")))
        #expect(Set(annotation.keys) == ["name", "description", "attributes", "elements"])
        let elements = try #require(annotation["elements"] as? [[String: Any]])
        #expect(elements.count == 2)
        let keys: Set = [
            "type", "points", "closed", "holes", "lineColor", "lineWidth", "fillColor", "label", "group", "user",
        ]
        for element in elements {
            #expect(Set(element.keys) == keys)
            let points = try #require(element["points"] as? [[Double]])
            #expect(points.count >= 3 && points.allSatisfy { $0.count == 3 && $0[2] == 0 })
            let colour = try #require(element["fillColor"] as? String)
            #expect(colour.contains(/^rgba\(\d+,\s*\d+,\s*\d+,\s*(\d?\.|)\d+\)$/))
        }
    }

    @Test func labelPyramidsHaveTheirLevelsAndTheSpacing() throws {
        let (recorded, files) = try export([.drawn(0), .drawn(1, x: 40)]) { LabelPyramidExport(folder: $0) }
        #expect(files == ["\(recorded.scan).ome.tif"])
        let reader = try TIFFReader(path: recorded.path("out/\(files[0])"))
        let page = try #require(reader.directories.first).get()
        #expect(page.width == 300 && page.height == 200)
        #expect(page.imageDescription?.contains(#"PhysicalSizeX="0.5""#) == true)
        #expect(page.imageDescription?.contains(#"SizeX="300" SizeY="200""#) == true)
    }

    @Test func probabilitiesAreAPixelATileWithTheTilesSpacing() throws {
        // The second of six tiles was not graded.
        let graded: [[Double]?] = [[0, 1], nil, [0.4, 0.6], [0.6, 0.4], [0.8, 0.2], [1, 0]]
        let drawn = HeatMap(
            stage: "grades/1", classes: ["Normal", "<Polyp> é"], columns: [0..<120, 100..<220, 200..<300],
            rows: [0..<120, 100..<200], probabilities: { graded[$0] })
        let map = try #require(drawn)
        let recorded = try RecordedFindings([.drawn(0)], heatMaps: [map])
        try LabelPyramidExport(folder: recorded.path("out")).write(
            ExportQuestion(recorded.reader(), filter: FindingFilter()))
        let reader = try TIFFReader(path: recorded.path("out/\(recorded.scan).grades_1.probabilities.ome.tif"))
        let planes = try reader.directories.map { directory in
            let page = try directory.get()
            #expect(page.resolution?.x == 200 && page.resolution?.unit == .centimetre)
            let window = PixelWindow(x: 0, y: 0, width: page.width, height: page.height)
            return try reader.readSamples(page, window: window).bytes
        }
        #expect(planes.map { Array($0) } == [[0, 0, 102, 153, 204, 255], [255, 0, 153, 102, 51, 0]])
        let about = try #require(try reader.directories[0].get().imageDescription)
        #expect(about.contains(#"SizeX="3" SizeY="2" SizeC="2""#) && about.contains(#"PhysicalSizeX="50.0""#))
        #expect(about.contains(##"Name="&#60;Polyp&#62; &#233;""##))
    }

    @Test func namesOfFilesAreHarmlessAndNoTwoTheSame() throws {
        let (_, files) = try export([.drawn(0)], patient: "..") {
            OutlineExport(folder: $0, tolerance: 0, naming: .scan)
        }
        #expect(files == ["a.geojson"])
    }

    @Test func excelIsToldThatItIsUTF8() throws {
        let recorded = try RecordedFindings([.drawn(0)], patient: "Müller")
        try CSVExport(output: recorded.path("f.csv"), hasByteOrderMark: true).write(
            ExportQuestion(recorded.reader(), filter: FindingFilter()))
        let bytes = try data(recorded.path("f.csv"))
        #expect(bytes.prefix(3) == Data([0xEF, 0xBB, 0xBF]))
        #expect(String(decoding: bytes.dropFirst(3), as: UTF8.self).hasPrefix("patient_id,"))
    }
}
