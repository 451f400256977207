import Listings

extension PatientSummary: ListingRow {
    /// A contract. New columns go at the end.
    public static let columns: [ListingColumn<PatientSummary>] = [
        ListingColumn("patient_id") { .text($0.id) },
        ListingColumn("scans") { .integer($0.scans) },
        ListingColumn("with_findings") { .integer($0.withFindings) },
        ListingColumn("without_tissue") { .integer($0.withoutTissue) },
        ListingColumn("rejected") { .integer($0.rejected) },
        ListingColumn("failed") { .integer($0.failed) },
        ListingColumn("regions") { .integer($0.regions) },
        ListingColumn("last_analysed_at") { .text($0.lastAnalysedAt?.description) },
    ]
}

extension ScanSummary: ListingRow {
    /// A contract. New columns go at the end.
    public static let columns: [ListingColumn<ScanSummary>] = [
        ListingColumn("patient_id") { .text($0.patient.id) },
        ListingColumn("patient_source", for: .programs) { .text($0.patient.source.rawValue) },
        ListingColumn("scan") { .text($0.path) },
        ListingColumn("folder", for: .programs) { .text($0.folder) },
        ListingColumn("scan_sha256", for: .programs) { .text($0.scan.sha256.hexadecimal) },
        ListingColumn("bytes") { .integer($0.scan.byteCount) },
        ListingColumn("width") { .integer($0.scan.image.map { Int64($0.width) }) },
        ListingColumn("height") { .integer($0.scan.image.map { Int64($0.height) }) },
        ListingColumn("levels") { .integer($0.scan.image.map { Int64($0.levels) }) },
        ListingColumn("spacing_um_px") { .number($0.scan.image?.spacing.micrometresPerPixel) },
        ListingColumn("spacing_source") { .text($0.scan.image?.spacing.source.rawValue) },
        ListingColumn("format") { .text($0.scan.image?.format) },
        ListingColumn("replaced", for: .programs) { .boolean($0.isReplaced) },
        ListingColumn("first_run") { .integer($0.firstRun) },
        ListingColumn("last_run") { .integer($0.lastRun) },
        ListingColumn("remarks") { .texts($0.remarks) },
    ]
}

extension RunSummary: ListingRow {
    /// A contract. New columns go at the end.
    public static let columns: [ListingColumn<RunSummary>] = [
        ListingColumn("run_id") { .integer($0.id) },
        ListingColumn("started_at") { .text(Timestamp($0.run.startedAt).description) },
        ListingColumn("finished_at", for: .programs) { .text($0.end?.at.description) },
        ListingColumn("ending") { .text($0.end?.ending.rawValue) },
        ListingColumn("found") { .integer($0.end.map { Int64($0.counts.found) }) },
        ListingColumn("done") { .integer($0.end.map { Int64($0.counts.done) }) },
        ListingColumn("skipped") { .integer($0.end.map { Int64($0.counts.skipped) }) },
        ListingColumn("failed") { .integer($0.end.map { Int64($0.counts.failed) }) },
        ListingColumn("left") { .integer($0.end.map { Int64($0.counts.left) }) },
        ListingColumn("pipeline") { .text($0.pipeline) },
        ListingColumn("pipeline_sha256", for: .programs) { .text($0.pipelineSHA256.hexadecimal) },
        ListingColumn("program_version", for: .programs) { .text($0.run.programVersion) },
        ListingColumn("host", for: .programs) { .text($0.run.host) },
        ListingColumn("arguments", for: .json) { .texts($0.run.arguments) },
    ]
}
