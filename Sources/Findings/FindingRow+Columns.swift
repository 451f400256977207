import Listings

extension FindingRow: ListingRow {
    /// The columns of findings: a contract. New ones go at the end.
    public static let columns: [ListingColumn<FindingRow>] = [
        ListingColumn("patient_id") { .text($0.patient) },
        ListingColumn("scan") { .text($0.scan) },
        ListingColumn("scan_sha256", for: .programs) { .text($0.scanSHA256.hexadecimal) },
        ListingColumn("finding_id", for: .programs) { .text($0.id.hexadecimal) },
        ListingColumn("kind") { .text($0.finding.kind.rawValue) },
        ListingColumn("label") { .text($0.finding.label) },
        ListingColumn("confidence") { .number($0.finding.confidence) },
        ListingColumn("raw_confidence", for: .programs) { .number($0.finding.rawConfidence) },
        ListingColumn("x") { .integer($0.finding.box.x) },
        ListingColumn("y") { .integer($0.finding.box.y) },
        ListingColumn("width") { .integer($0.finding.box.width) },
        ListingColumn("height") { .integer($0.finding.box.height) },
        ListingColumn("centroid_x", for: .programs) { .number($0.finding.centroid.x) },
        ListingColumn("centroid_y", for: .programs) { .number($0.finding.centroid.y) },
        ListingColumn("area_px") { .integer($0.finding.areaPixels) },
        ListingColumn("area_um2") { .number($0.finding.areaSquareMicrometres) },
        ListingColumn("pipeline", for: .programs) { .text($0.origin.pipeline) },
        ListingColumn("pipeline_sha256", for: .programs) { .text($0.origin.pipelineSHA256.hexadecimal) },
        ListingColumn("segmentation_model_sha256", for: .programs) { .text($0.origin.modelSHA256(.segmentation)) },
        ListingColumn("classification_model_sha256", for: .programs) { .text($0.origin.modelSHA256(.classification)) },
        ListingColumn("run_id") { .integer($0.origin.runID) },
        ListingColumn("analysed_at", for: .programs) { .text($0.origin.analysedAt.description) },
        ListingColumn("probabilities", for: .programs) { row in
            .object(row.finding.probabilities.map { JSONValue.Member($0.label, .number($0.probability)) })
        },
        ListingColumn("measurements", for: .json) { .numbers($0.finding.measurements) },
        ListingColumn("spacing_um_px", for: .programs) { .number($0.origin.spacing?.micrometresPerPixel) },
        // For people too: an area in micrometres is worth what its spacing is.
        ListingColumn("spacing_source") { .text($0.origin.spacing?.source.rawValue) },
        ListingColumn("remarks", for: .programs) { .texts($0.origin.remarks) },
        ListingColumn("image", for: .programs) { .integer($0.finding.image) },
        ListingColumn("detection_model_sha256", for: .programs) { .text($0.origin.modelSHA256(.detection)) },
    ]
}
