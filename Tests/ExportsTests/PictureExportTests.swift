import Exports
import FindingStore
import Findings
import Foundation
import Synchronization
import TIFF
import Testing

@Suite struct PictureExportTests {
    /// Regions 1 and 2, an object and an artefact in the first image; a region in the second, of 60 x 40 pixels.
    private static func findings() throws -> [Finding] {
        let ofSecond = Finding(
            ordinal: 4, kind: .scan, label: "Polyp", confidence: 0.5, rawConfidence: 0.5, image: 1,
            box: .init(x: 0, y: 0, width: 60, height: 40), centroid: .init(x: 30, y: 20), areaPixels: nil,
            areaSquareMicrometres: nil, probabilities: [], measurements: [:], geometry: nil)
        return [
            try .drawn(0, x: 10, y: 20), try .drawn(1, label: "Normal", x: 40, y: 20),
            try .drawn(2, .object, x: 100, y: 50), try .drawn(3, .artefact, label: "ink", x: 200, y: 50, classes: []),
            ofSecond, try .drawn(5, image: 1, x: 50, y: 30),
        ]
    }

    private func labels(_ path: String) throws -> (page: TIFFDirectory, values: Set<UInt16>, at: (Int, Int) -> UInt16) {
        let reader = try TIFFReader(path: path)
        let page = try #require(reader.directories.first).get()
        let samples = try reader.readSamples(
            page, window: PixelWindow(x: 0, y: 0, width: page.width, height: page.height))
        let values = samples.bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
        return (page, Set(values), { values[$1 * page.width + $0] })
    }

    /// ITK and ImageJ read strips of 16 bits, and the spacing by its tags.
    @Test func labelImagesAreInStripsWithTheirSpacing() throws {
        let recorded = try RecordedFindings(Self.findings())
        let folder = recorded.path("masks")
        try LabelImageExport(folder: folder).write(ExportQuestion(recorded.reader(), filter: FindingFilter()))
        let name = "\(folder)/\(recorded.scan)"
        let regions = try labels(name + ".tif")
        guard case .strips(let rows) = regions.page.organisation else {
            Issue.record("the label image is not in strips")
            return
        }
        #expect(rows * regions.page.width * 2 <= 1 << 17)
        #expect(regions.page.bitsPerSample == 16 && regions.page.sampleFormat == .unsigned)
        #expect(regions.page.photometricInterpretation == .minIsBlack)
        #expect(regions.page.software == "scanreport label image")
        #expect(regions.page.resolution?.unit == .centimetre)
        #expect(regions.page.resolution?.x == 20_000 && regions.page.resolution?.y == 20_000)
        #expect(regions.values == [0, 1, 2])
        #expect(regions.at(10, 20) == 1 && regions.at(44, 23) == 2 && regions.at(45, 23) == 0)
        #expect(try labels(name + ".objects.tif").at(100, 50) == 1)
        #expect(try labels(name + ".artefacts.tif").at(200, 50) == 1)
        let second = try labels(name + ".image1.tif")
        #expect(second.page.width == 60 && second.page.height == 40 && second.at(50, 30) == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 4)
    }

    /// A network of several labels at once marks a pixel twice: an image holds one number a pixel.
    @Test func whereLabelsOverlapEachHasAnImageAndNoPixelIsLost() throws {
        let found = try [
            Finding.drawn(0, label: "Tumour", x: 10, y: 20), .drawn(1, label: "Lumen", x: 12, y: 20),
            .drawn(2, label: "tumour", x: 14, y: 20), .drawn(3, label: "Tumour", x: 11, y: 20),
            .drawn(4, label: "Tumour", x: 40, y: 20),
        ]
        let recorded = try RecordedFindings(found)
        let folder = recorded.path("masks")
        try LabelImageExport(folder: folder).write(ExportQuestion(recorded.reader(), filter: FindingFilter()))
        var pixels = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let image = try labels("\(folder)/\(file)")
            for y in 0..<60 { for x in 0..<60 where image.at(x, y) > 0 { pixels += 1 } }
        }
        #expect(Int64(pixels) == found.compactMap(\.areaPixels).reduce(0, +))
        let name = "\(folder)/\(recorded.scan)"
        // Numbers are those of the CSV's order, from left to right here.
        #expect(try labels(name + ".Tumour.tif").values == [0, 1, 5])
        #expect(try labels(name + ".Tumour-2.tif").values == [0, 2])
        #expect(try labels(name + ".Lumen.tif").values == [0, 3])
        // Another label, though some file systems hold its name for the same.
        #expect(try labels(name + ".tumour-3.tif").values == [0, 4])
    }

    /// Without a stage that grades it, no finding is of the whole image.
    @Test func anImageIsAsLargeAsItsFindingsSay() throws {
        let size = ["image_width_px": 70.0, "image_height_px": 50, "image_spacing_um_px": 0.25]
        let found = try [Finding.drawn(0), .drawn(1, image: 1, x: 50, y: 30).placed(at: 1, inImage: 1, adding: size)]
        let recorded = try RecordedFindings(found)
        let folder = recorded.path("masks")
        try LabelImageExport(folder: folder).write(ExportQuestion(recorded.reader(), filter: FindingFilter()))
        let second = try labels("\(folder)/\(recorded.scan).image1.tif")
        #expect(second.page.width == 70 && second.page.height == 50 && second.at(50, 30) == 1)
        // Of another spacing than the scan's, which has 0.5.
        #expect(second.page.resolution == nil)
    }

    @Test(arguments: [RecordedSpacing(micrometresPerPixel: 1.4, source: .assumed), .unknown])
    func aSpacingThatNobodyMeasuredIsInNoTag(spacing: RecordedSpacing) throws {
        let recorded = try RecordedFindings([.drawn(0)], spacing: spacing)
        try LabelImageExport(folder: recorded.path("m")).write(
            ExportQuestion(recorded.reader(), filter: FindingFilter()))
        #expect(try labels(recorded.path("m/\(recorded.scan).tif")).page.resolution == nil)
    }

    /// By QuPath's `GsonTools`: a classification has a name and a color, objects are detections.
    @Test func outlinesAreWhatQuPathReads() throws {
        let recorded = try RecordedFindings(Self.findings())
        let folder = recorded.path("outlines")
        try OutlineExport(folder: folder, tolerance: 0).write(
            ExportQuestion(recorded.reader(), filter: FindingFilter()))
        let data = try Data(contentsOf: URL(filePath: "\(folder)/\(recorded.scan).geojson"))
        let collection = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let features = try #require(collection["features"] as? [[String: Any]])
        var colours: [String: [Int]] = [:]
        var types: [String: String] = [:]
        for feature in features {
            let properties = try #require(feature["properties"] as? [String: Any])
            let classification = try #require(properties["classification"] as? [String: Any])
            let label = try #require(classification["name"] as? String)
            let colour: [Int] = try #require(classification["color"] as? [Int])
            colours[label] = colour
            types[label, default: ""] += properties["objectType"] as? String ?? ""
            #expect(UUID(uuidString: feature["id"] as? String ?? "") != nil)
        }
        #expect(features.count == 4)
        #expect(colours.values.allSatisfy { $0.count == 3 && $0.allSatisfy((0...255).contains) })
        #expect(Set(colours.values).count == colours.count)
        #expect(types == ["Polyp": "detectionannotation", "Normal": "annotation", "ink": "annotation"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }

    @Test func pixelsThatCannotBeReadAreDamage() throws {
        let recorded = try RecordedFindings([.drawn(0)])
        try recorded.damage("UPDATE findings SET geometry = x'ffffffff'")
        let error = try #require(throws: ExportError.self) {
            try LabelImageExport(folder: recorded.path("m")).write(
                ExportQuestion(recorded.reader(), filter: FindingFilter()))
        }
        #expect(error.kind == .damagedFinding)
    }

    /// A network that gives boxes says where an object is, and not which pixels are its.
    @Test func objectsWithoutOutlinesAreBoxesInGeoJSONAndInNoLabelImage() throws {
        let boxed = Finding(
            ordinal: 0, kind: .object, label: "cell", confidence: 0.5, rawConfidence: 0.5,
            box: .init(x: 10, y: 20, width: 5, height: 4), centroid: .init(x: 12.5, y: 22), areaPixels: nil,
            areaSquareMicrometres: nil, probabilities: [.init(label: "cell", probability: 0.5)], measurements: [:],
            geometry: nil)
        let recorded = try RecordedFindings([boxed])
        let question = try ExportQuestion(recorded.reader(), filter: FindingFilter())
        let told = Mutex<[String]>([])
        try LabelImageExport(folder: recorded.path("m")) { sentence in told.withLock { $0.append(sentence) } }
            .write(question)
        #expect(told.withLock { $0 }.first?.hasPrefix("1 object of boxes alone, without an outline") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: recorded.path("m")) == ["\(recorded.scan).tif"])
        try OutlineExport(folder: recorded.path("g"), tolerance: 1).write(question)
        let text = try String(contentsOfFile: "\(recorded.path("g"))/\(recorded.scan).geojson", encoding: .utf8)
        #expect(text.contains(#""objectType":"detection""#))
        #expect(text.contains("[[[10,20],[15,20],[15,24],[10,24],[10,20]]]"), "\(text)")
        #expect(!text.contains("outline_tolerance_px") && !text.contains("area_px"))
    }
}
