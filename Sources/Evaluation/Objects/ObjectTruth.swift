import Findings
import Imaging
import Listings
import Slides

/// The objects that are truly in a scan.
public struct ObjectTruth: Sendable {
    /// One of them: by its box, or by its pixels.
    struct Item: Sendable {
        /// Nil where the truth does not tell classes apart.
        let label: String?
        let box: Finding.Box
        let pixels: RunLengths?
    }

    let items: [Item]
    /// Whether each is of a class; else one found object is as good as another.
    let tellsClasses: Bool

    init(items: [Item], tellsClasses: Bool) {
        self.items = items
        self.tellsClasses = tellsClasses
    }

    /// Of a scan without objects.
    public static let nothing = ObjectTruth(items: [], tellsClasses: true)

    /// Of an instance label image (PNG or TIFF): 0 is background, each other number one object.
    ///
    /// - Parameter line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    public init(labelsAt path: String, line: Int) throws(EvaluationError) {
        do {
            let regions = try LabelImage.regions(path: path)
            tellsClasses = false
            items = regions.compactMap { pixels in
                pixels.boundingBox.map {
                    Item(
                        label: nil, box: Finding.Box(x: $0.x, y: $0.y, width: $0.width, height: $0.height),
                        pixels: pixels)
                }
            }
        } catch {
            throw EvaluationError(
                .unusableMask, "the label image of line \(line) of the manifest cannot be read: \(error)")
        }
    }

    /// The boxes of a table `scan,x,y,width,height,class`, by the scan as it is written there.
    ///
    /// - Throws: `EvaluationError` of kind `unusableManifest`, naming the line.
    public static func boxes(_ bytes: [UInt8]) throws(EvaluationError) -> [String: ObjectTruth] {
        let table: CSVTable
        do throws(CSVError) {
            table = try CSVTable(parsing: bytes, required: ["scan", "x", "y", "width", "height", "class"])
        } catch {
            throw EvaluationError(.unusableManifest, "the table of objects cannot be used: \(error)")
        }
        var items: [String: [Item]] = [:]
        for record in table.records {
            func field(_ column: String) -> String { record[column]?.trimmed ?? "" }
            let numbers = ["x", "y", "width", "height"].compactMap { Int(field($0)) }
            guard numbers.count == 4, numbers.allSatisfy({ (0...Int(Int32.max)).contains($0) }), numbers[2] > 0,
                numbers[3] > 0, !field("scan").isEmpty, !field("class").isEmpty
            else {
                throw EvaluationError(
                    .unusableManifest,
                    "line \(record.line) of the table of objects has no scan or class, or no box of whole pixels")
            }
            items[field("scan"), default: []].append(
                Item(
                    label: field("class"),
                    box: Finding.Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]), pixels: nil))
        }
        return items.mapValues { ObjectTruth(items: $0, tellsClasses: true) }
    }
}

/// A row of a manifest of scans whose objects are known: `scan`, and perhaps `patient`, `split`, `unboxed`, `labels` and
/// `boxes`.
public struct ObjectManifestRow: Sendable, Hashable {
    /// Of the manifest, from 1.
    public let line: Int
    /// The scan's path, absolute or relative to the manifest's folder.
    public let scan: String
    /// Whose scan it is: the scan's own where the manifest does not say.
    public let patient: String
    public let split: String?
    /// Classes that are in the scan, but not all of whose objects are in the truth: what is found of them beyond it is no
    /// mistake.
    public let unboxed: Set<String>
    /// The path of an instance label image.
    public let labels: String?

    /// The rows of a manifest; where it has a column `boxes`, those that fill it: of the others the objects are not known.
    ///
    /// - Throws: `EvaluationError` of kind `unusableManifest`.
    public static func read(_ bytes: [UInt8]) throws(EvaluationError) -> [ObjectManifestRow] {
        let table: CSVTable
        do throws(CSVError) {
            table = try CSVTable(
                parsing: bytes, required: ["scan"], optional: ["patient", "split", "unboxed", "labels", "boxes"])
        } catch {
            throw EvaluationError(.unusableManifest, "the manifest cannot be used: \(error)")
        }
        var rows: [ObjectManifestRow] = []
        for record in table.records {
            func field(_ column: String) -> String? {
                guard let text = record[column]?.trimmed, !text.isEmpty else { return nil }
                return text
            }
            guard let scan = field("scan") else {
                throw EvaluationError(
                    .unusableManifest, "the manifest cannot be used: line \(record.line) has no scan")
            }
            if record["boxes"] != nil, field("boxes") == nil { continue }
            let unboxed = (field("unboxed") ?? "").split(separator: ";").map { String($0).trimmed }
            rows.append(
                ObjectManifestRow(
                    line: record.line, scan: scan, patient: field("patient") ?? scan, split: field("split"),
                    unboxed: Set(unboxed), labels: field("labels")))
        }
        return rows
    }
}
