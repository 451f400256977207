import GRDB
import Listings

extension FindingStore {
    /// Records in the audit chain that findings are about to be written out. Call it before the first byte is: then
    /// nothing leaves the database unrecorded.
    ///
    /// - Parameters:
    ///   - format: such as `csv`.
    ///   - isPseudonymised: whether ids and paths are replaced by keyed hashes.
    public func recordExport(
        format: String, filter: FindingFilter, isPseudonymised: Bool
    ) throws(StoreError) {
        try write { db in
            let details: JSONValue = .object([
                "format": .text(format), "pseudonymised": .boolean(isPseudonymised), "filter": filter.auditForm,
            ])
            try AuditChain.append(.export, details: details, db)
        }
    }
}

extension FindingFilter {
    /// What was asked for, with marks instead of ids and paths.
    fileprivate var auditForm: JSONValue {
        .object([
            "patient": patient.map { PatientMark(of: $0).json } ?? .null,
            "scan": scan.map { PatientMark(of: $0).json } ?? .null,
            "label": .text(label), "min_confidence": .number(minimumConfidence), "run": .integer(run),
            "since": .text(since?.description), "pipeline": .text(pipeline), "newest_only": .boolean(newestOnly),
        ])
    }
}
