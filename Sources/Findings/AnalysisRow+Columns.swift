import Listings

extension AnalysisRow: ListingRow {
    /// The columns of analyses: a contract. New ones go at the end.
    public static let columns: [ListingColumn<AnalysisRow>] = [
        ListingColumn("patient_id") { .text($0.patient) },
        ListingColumn("patient_source", for: .programs) { .text($0.patientSource.rawValue) },
        ListingColumn("scan") { .text($0.scan) },
        ListingColumn("scan_sha256", for: .programs) { .text($0.scanSHA256?.hexadecimal) },
        ListingColumn("status") { .text($0.status) },
        ListingColumn("findings") { row in
            if case .done(_, let findings, _, _) = row.outcome { return .integer(findings) }
            return .null
        },
        ListingColumn("stage", for: .programs) { .text($0.failure?.stage.rawValue) },
        ListingColumn("code", for: .programs) { .text($0.failure?.code.rawValue) },
        ListingColumn("remarks") { .text($0.explanation) },
        ListingColumn("replaced", for: .programs) { .boolean($0.isReplaced) },
        ListingColumn("pipeline", for: .programs) { .text($0.origin.pipeline) },
        ListingColumn("pipeline_sha256", for: .programs) { .text($0.origin.pipelineSHA256.hexadecimal) },
        ListingColumn("run_id") { .integer($0.origin.runID) },
        ListingColumn("analysed_at", for: .programs) { .text($0.origin.analysedAt.description) },
        ListingColumn("quality", for: .json) { row in
            if case .done(_, _, _, let quality) = row.outcome { return .numbers(quality) }
            return .null
        },
    ]

    public var failure: AnalysisFailure? {
        if case .failed(let failure) = outcome { failure } else { nil }
    }

    /// `findings`, `no-tissue`, `rejected` or `failed`.
    public var status: String {
        switch outcome {
        case .done(let status, _, _, _): status.rawValue
        case .failed: "failed"
        }
    }

    /// Why it failed or was rejected, or what else to know; nil where all is said.
    public var explanation: String? {
        var sentences: [String]
        switch outcome {
        case .done(_, _, let remarks, _): sentences = remarks
        case .failed(let failure): sentences = [failure.description]
        }
        if isReplaced { sentences.append("the file has been replaced since") }
        return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
    }
}
