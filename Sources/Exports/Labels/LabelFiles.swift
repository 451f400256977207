import Findings
import Imaging
import Listings
import Slides

/// The folder of a data set in the making.
struct LabelFiles {
    private let folder: String
    private var manifest: [[String]] = []
    private var boxes: [[String]] = []
    private(set) var withRegions = 0
    private(set) var withObjects = 0
    private(set) var withClass = 0

    init(folder: String) { self.folder = folder }

    var scans: Int { manifest.count }

    /// - Parameter name: of the scan's files.
    mutating func add(
        _ truth: ReviewedTruth, of picture: PictureFindings, at place: String, named name: String
    ) throws {
        var mask = ""
        if let regions = truth.regions {
            mask = "masks/\(name).tif"
            try write(regions, of: picture, to: mask)
            withRegions += 1
        }
        var (table, labels) = ("", "")
        if let objects = truth.objects {
            table = "objects.csv"
            for object in objects {
                let box = object.row.finding.box
                boxes.append([place] + [box.x, box.y, box.width, box.height].map(String.init) + [object.label])
            }
            // A box says where an object is, not which pixels are its.
            if objects.allSatisfy({ $0.row.finding.geometry != nil }) {
                labels = "labels/\(name).tif"
                try write(objects, of: picture, to: labels)
            }
            withObjects += 1
        }
        var outlines = ""
        if truth.regions != nil || truth.objects != nil {
            outlines = "outlines/\(name).geojson"
            try write((truth.regions ?? []) + (truth.objects ?? []), asOutlines: outlines)
        }
        if truth.grade != nil { withClass += 1 }
        manifest.append([picture.patient, place, mask, truth.grade ?? "", outlines, table, labels])
    }

    func finish() throws {
        try createFolder(folder)
        try write(boxes, under: ["scan", "x", "y", "width", "height", "class"], to: "objects.csv")
        try write(
            manifest, under: ["patient", "scan", "mask", "class", "outlines", "boxes", "labels"], to: "manifest.csv")
    }

    /// For programs: texts as they are.
    private func write(_ rows: [[String]], under header: [String], to name: String) throws {
        let writer = CSVWriter<FindingRow>(protection: .none)
        var file = try OutputFile("\(folder)/\(name)")
        for row in [header] + rows {
            try file.write(row.map { writer.field(.text($0)) }.joined(separator: ",") + "\n")
        }
        try file.finish()
    }

    private func write(_ items: [ReviewedTruth.Item], of picture: PictureFindings, to name: String) throws {
        let path = try path(of: name)
        var file = try NewFile(at: path)
        do throws(ImagingError) {
            try LabelImage.write(
                items.map(\.pixels), width: picture.width, height: picture.height,
                micrometresPerPixel: picture.measuredMicrometresPerPixel, to: file.openPath)
        } catch {
            throw ExportError(.cannotCreate, "\(path): \(error)")
        }
        try file.publish()
    }

    private func write(_ items: [ReviewedTruth.Item], asOutlines name: String) throws {
        var file = try OutputFile(path(of: name))
        try file.write(#"{"type":"FeatureCollection","features":"#)
        try file.writeArray { write in
            for item in items {
                let finding = item.row.finding
                try write(
                    .object([
                        "type": .text("Feature"), "id": .text(OutlineExport.uuid(of: item.row.id)),
                        "geometry": OutlineExport.geometry(of: RegionPolygon(outlining: item.pixels, tolerance: 0)),
                        "properties": .object([
                            "objectType": .text(finding.kind == .object ? "detection" : "annotation"),
                            "classification": .object([
                                "name": .text(item.label),
                                "color": .array(
                                    ClassColour(of: item.label, in: finding).channels.map { .integer(Int($0)) }),
                            ]),
                        ]),
                    ]))
            }
        }
        try file.write("}\n")
        try file.finish()
    }

    private func path(of name: String) throws(ExportError) -> String {
        let parts = name.split(separator: "/")
        try createFolder("\(folder)/\(parts[0])")
        return "\(folder)/\(name)"
    }
}
