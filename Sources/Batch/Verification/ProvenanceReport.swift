import FindingStore
import Findings
import Listings

/// What became of checking a database's provenance: the rows, the scans' files, the pipelines and, if asked for, some
/// analyses made again.
public struct ProvenanceReport: Sendable {
    public let store: StoreVerification
    /// Nil where there are none.
    public let reviews: ReviewVerification?
    /// Nil where files were not to be read.
    public let inputs: InputVerification?
    public let pipelines: PipelineVerification
    public let replay: Replay?

    public init(
        store: StoreVerification, reviews: ReviewVerification?, inputs: InputVerification?,
        pipelines: PipelineVerification, replay: Replay?
    ) {
        self.store = store
        self.reviews = reviews
        self.inputs = inputs
        self.pipelines = pipelines
        self.replay = replay
    }

    public var irregularities: [Irregularity] {
        store.irregularities + (reviews?.irregularities ?? []) + (inputs?.irregularities ?? [])
            + pipelines.irregularities + (replay?.irregularities ?? [])
    }

    /// What could not be checked, one sentence each.
    public var remarks: [String] { store.remarks + (reviews?.remarks ?? []) + pipelines.remarks }
}

extension ProvenanceReport {
    public var text: String {
        var lines = [
            "database: \(store.analyses.counting("analysis", "analyses")) with \(store.findings.counting("finding")), "
                + store.auditEntries.counting("audit entry", "audit entries"),
            "audit head: \(store.head?.hexadecimal ?? "none")",
        ]
        if let reviews { lines.append("reviews: \(reviews.count)") }
        if let inputs {
            lines.append("scans: \(inputs.read.counting("file")) read again, \(inputs.missing) not there any more")
        }
        lines.append("pipelines: \(pipelines.intact.count) there as recorded")
        if let replay {
            lines.append("analyses: \(replay.replayed) made again, \(replay.withoutScan) without their scan's file")
        }
        lines += remarks.map { "note: \($0)" }
        let found = irregularities
        lines.append(found.isEmpty ? "nothing is wrong" : "\(found.count) wrong, the first first:")
        return lines.map { $0 + "\n" }.joined() + (found.isEmpty ? "" : TextTable(found).text)
    }

    public var json: JSONValue {
        .object([
            "irregularities": .array(irregularities.map(\.json)), "remarks": .texts(remarks),
            "audit_entries": .integer(store.auditEntries), "audit_head": .text(store.head?.hexadecimal),
            "analyses": .integer(store.analyses), "findings": .integer(store.findings),
            "reviews": .integer(reviews.map { Int64($0.count) }),
            "files_read": .integer(inputs.map { Int64($0.read) }),
            "files_missing": .integer(inputs.map { Int64($0.missing) }),
            "pipelines_intact": .integer(pipelines.intact.count),
            "analyses_replayed": .integer(replay.map { Int64($0.replayed) }),
            "analyses_without_scan": .integer(replay.map { Int64($0.withoutScan) }),
        ])
    }
}
