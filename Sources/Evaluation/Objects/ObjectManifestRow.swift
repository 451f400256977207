import FoundationEssentials
import Listings

/// A row of a manifest of scans whose objects are known: `scan`, and perhaps `patient`, `split`, `unboxed`, and where the objects
/// are: `labels` or `mask`, `outlines`, `boxes`.
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
    public var labels: String?
    /// The path of a picture that may be one.
    public let mask: String?
    /// The path of a GeoJSON file, which may outline them.
    public let outlines: String?
    /// The path of a table of boxes.
    public var boxes: String?

    /// Whether the manifest has a column `boxes`, and the row neither fills it nor names a label image: of its scan the objects are
    /// not known, whatever else it names.
    public let isUntold: Bool

    /// Whether it says where the objects are.
    public var tellsObjects: Bool {
        !isUntold && (labels != nil || mask != nil || outlines != nil || boxes != nil)
    }

    /// The rows of a manifest.
    ///
    /// - Throws: `EvaluationError` of kind `unusableManifest`.
    public static func read(_ bytes: [UInt8]) throws(EvaluationError) -> [ObjectManifestRow] {
        let table: CSVTable
        do throws(CSVError) {
            table = try CSVTable(
                parsing: bytes, required: ["scan"],
                optional: ["patient", "split", "unboxed", "labels", "mask", "outlines", "boxes"])
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
            let unboxed = (field("unboxed") ?? "").split(separator: ";").map { String($0).trimmed }
            rows.append(
                ObjectManifestRow(
                    line: record.line, scan: scan, patient: field("patient") ?? scan, split: field("split"),
                    unboxed: Set(unboxed), labels: field("labels"), mask: field("mask"), outlines: field("outlines"),
                    boxes: field("boxes"),
                    isUntold: record["boxes"] != nil && field("boxes") == nil && field("labels") == nil))
        }
        return rows
    }

    /// The label image in a folder that is called like the scan, as PNG or TIFF; nil where there is none.
    public func labelImage(in folder: String) -> String? {
        let name = URL(filePath: scan).deletingPathExtension().lastPathComponent
        return ["png", "tif", "tiff"].map { "\(folder)/\(name).\($0)" }.first {
            FileManager.default.fileExists(atPath: $0)
        }
    }
}
