import Findings
import Listings

/// A part of a scan, with how much it looks like the one that was asked about.
public struct SimilarPart: Sendable, Hashable {
    /// The cosine of the two vectors, -1 to 1.
    public let similarity: Double
    public let patient: String
    /// The scan's path, relative to the folder that was given.
    public let scan: String
    public let scanSHA256: ContentHash
    public let unit: EmbeddingBlock.Unit
    public let box: Finding.Box
    /// Of a region, and what it was found to be.
    public let finding: FindingID?
    public let label: String?
    public let pipeline: String
    public let stage: String
}

extension SimilarPart: ListingRow {
    /// A contract. New columns go at the end.
    public static let columns: [ListingColumn<SimilarPart>] = [
        ListingColumn("similarity") { .number($0.similarity) },
        ListingColumn("patient_id") { .text($0.patient) },
        ListingColumn("scan") { .text($0.scan) },
        ListingColumn("scan_sha256", for: .programs) { .text($0.scanSHA256.hexadecimal) },
        ListingColumn("kind") { .text($0.unit.rawValue) },
        ListingColumn("label") { .text($0.label) },
        ListingColumn("x") { .integer($0.box.x) },
        ListingColumn("y") { .integer($0.box.y) },
        ListingColumn("width") { .integer($0.box.width) },
        ListingColumn("height") { .integer($0.box.height) },
        ListingColumn("finding_id") { .text($0.finding?.hexadecimal) },
        ListingColumn("pipeline", for: .programs) { .text($0.pipeline) },
        ListingColumn("stage", for: .programs) { .text($0.stage) },
    ]
}
