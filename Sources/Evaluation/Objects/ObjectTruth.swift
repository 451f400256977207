import Findings
import Imaging
import Listings
import Slides

/// The objects that are truly in a scan.
public struct ObjectTruth: Sendable {
    /// One of them: by its box, or by its pixels.
    package struct Item: Sendable {
        /// Nil where the truth does not tell classes apart.
        package let label: String?
        package let box: Finding.Box
        package let pixels: RunLengths?

        package init(label: String?, box: Finding.Box, pixels: RunLengths?) {
            self.label = label
            self.box = box
            self.pixels = pixels
        }

        /// Of its pixels; nil where there are none.
        package init?(label: String?, pixels: RunLengths) {
            guard let box = pixels.boundingBox else { return nil }
            self.init(
                label: label, box: Finding.Box(x: box.x, y: box.y, width: box.width, height: box.height),
                pixels: pixels)
        }
    }

    package let items: [Item]
    /// Whether each is of a class; else one found object is as good as another.
    package let tellsClasses: Bool
    /// Of the picture that it is of, in level-0 pixels; nil where that is not told.
    public let size: (width: Int, height: Int)?

    package init(items: [Item], tellsClasses: Bool, size: (width: Int, height: Int)? = nil) {
        self.items = items
        self.tellsClasses = tellsClasses
        self.size = size
    }

    /// Of a scan without objects.
    public static let nothing = ObjectTruth(items: [], tellsClasses: true)

    /// Of an instance label image (PNG or TIFF): 0 is background, each other number one object.
    ///
    /// - Parameter line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    public init(labelsAt path: String, line: Int) throws(EvaluationError) {
        do {
            let image = try LabelImage.read(path: path)
            self.init(
                items: image.regions.compactMap { Item(label: nil, pixels: $0) }, tellsClasses: false,
                size: (image.width, image.height))
        } catch {
            throw EvaluationError(
                .unusableMask, "the label image of line \(line) of the manifest cannot be read: \(error)")
        }
    }

    /// - Parameters:
    ///   - scan: its size in level-0 pixels.
    ///   - line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask` for a label image of another size.
    public func require(size scan: (width: Int, height: Int), line: Int) throws(EvaluationError) {
        guard let size, size != scan else { return }
        throw EvaluationError(
            .unusableMask,
            "the label image of line \(line) of the manifest is \(size.width) x \(size.height), its scan \(scan.width) x "
                + "\(scan.height)")
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
