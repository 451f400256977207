import Listings

/// What is known to be true of one scan.
public struct GroundTruth: Sendable, Hashable {
    /// Of the manifest, from 1.
    public let line: Int
    public let patient: String
    /// The scan's path, absolute or relative to the manifest's folder.
    public let scan: String
    /// The path of a picture of the scan's size whose foreground is what regions should cover; nil where that is not
    /// known.
    public let mask: String?
    /// The path of a GeoJSON file of outlines, as QuPath and `export` write it, which counts where there is no mask; nil
    /// where there is none.
    public let outlines: String?
    /// What the scan should be labelled; nil where that is not known.
    public let label: String?
    /// Which part of a data set the scan belongs to (`train`, `val`, `test`).
    public let split: String?
    /// Where its objects are told; nil where that is not known.
    public let objects: ObjectManifestRow?

    public init(
        line: Int, patient: String, scan: String, mask: String?, label: String?, split: String?,
        outlines: String? = nil, objects: ObjectManifestRow? = nil
    ) {
        self.line = line
        self.patient = patient
        self.scan = scan
        self.mask = mask
        self.outlines = outlines
        self.label = label
        self.split = split
        self.objects = objects
    }

    /// Of a scan whose objects are known.
    public init(_ row: ObjectManifestRow) {
        self.init(
            line: row.line, patient: row.patient, scan: row.scan, mask: row.mask, label: nil, split: row.split,
            outlines: row.outlines, objects: row.tellsObjects ? row : nil)
    }

    /// The records of a manifest: `patient,scan` with one or more of `mask`, `outlines` and `class`, and perhaps `split`.
    ///
    /// - Throws: `EvaluationError` of kind `unusableManifest`.
    public static func manifest(_ bytes: [UInt8]) throws(EvaluationError) -> [GroundTruth] {
        let table: CSVTable
        do throws(CSVError) {
            table = try CSVTable(
                parsing: bytes, required: ["patient", "scan"], optional: ["mask", "class", "split", "outlines"])
        } catch {
            throw EvaluationError(.unusableManifest, "the manifest cannot be used: \(error)")
        }
        guard ["mask", "outlines", "class"].contains(where: table.columns.contains) else {
            throw EvaluationError(
                .unusableManifest, "the manifest cannot be used: the header has neither mask, outlines nor class")
        }
        var entries: [GroundTruth] = []
        for record in table.records { entries.append(try GroundTruth(record)) }
        try refuseDoubles(entries)
        return entries
    }

    /// A scan counts once in a split, and has one truth.
    private static func refuseDoubles(_ entries: [GroundTruth]) throws(EvaluationError) {
        var lines: [[String?]: Int] = [:]
        for entry in entries {
            guard let line = lines.updateValue(entry.line, forKey: [entry.patient, entry.scan, entry.split]) else {
                continue
            }
            throw EvaluationError(
                .unusableManifest,
                "the manifest cannot be used: lines \(line) and \(entry.line) are of one scan: write its truth in one line"
            )
        }
    }

    private init(_ record: CSVTable.Record) throws(EvaluationError) {
        func field(_ column: String) -> String? {
            guard let text = record[column]?.trimmed, !text.isEmpty else { return nil }
            return text
        }
        guard let patient = field("patient"), let scan = field("scan") else {
            throw EvaluationError(
                .unusableManifest, "the manifest cannot be used: line \(record.line) has no patient or no scan")
        }
        self.init(
            line: record.line, patient: patient, scan: scan, mask: field("mask"), label: field("class"),
            split: field("split"), outlines: field("outlines"))
    }
}
