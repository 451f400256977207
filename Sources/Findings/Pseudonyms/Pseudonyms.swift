import Crypto
import FoundationEssentials

/// Replaces what could lead back to a patient by keyed hashes (HMAC-SHA-256): the same key gives the same pseudonyms,
/// so that what is shared one night fits what is shared the next.
///
/// Replaced are the patient's id, the scan's path, the scan's hash (whoever has the file could find it by that) and the
/// finding's id (which derives from it). Of the moment of the analysis the year is left.
public struct Pseudonyms: Sendable {
    private enum Domain: String {
        case patient, path, scan, finding
    }

    private let key: PseudonymKey
    /// Digits of a hash that serve as a name: 96 bits, so that two patients never share one.
    private static let nameLength = 24

    public init(key: PseudonymKey) {
        self.key = key
    }

    public func row(_ row: FindingRow) -> FindingRow {
        FindingRow(
            patient: name(row.patient, .patient), scan: name(row.scan, .path), scanSHA256: scan(row.scanSHA256),
            id: finding(row.id.hexadecimal), finding: row.finding,
            origin: AnalysisOrigin(
                analysisID: row.origin.analysisID, runID: row.origin.runID, pipeline: row.origin.pipeline,
                pipelineSHA256: row.origin.pipelineSHA256, models: row.origin.models,
                analysedAt: row.origin.analysedAt.startOfYear, spacing: row.origin.spacing, remarks: row.origin.remarks)
        )
    }

    /// What stands for a scan's path.
    public func path(_ path: String) -> String { name(path, .path) }

    /// What stands for a patient's id.
    public func patient(_ id: String) -> String { name(id, .patient) }

    /// What stands for a scan's hash.
    public func scan(_ sha256: ContentHash) -> ContentHash { hash(sha256.hexadecimal, .scan) }

    /// What stands for a finding's id, in its 32 digits.
    public func finding(_ id: String) -> FindingID { FindingID(hash(id, .finding)) }

    private func name(_ text: String, _ domain: Domain) -> String {
        "\(domain == .path ? "scan" : domain.rawValue)-\(hash(text, domain).hexadecimal.prefix(Self.nameLength))"
    }

    private func hash(_ text: String, _ domain: Domain) -> ContentHash {
        let message = Data("\(domain.rawValue):\(text)".utf8)
        return ContentHash(digest: HMAC<SHA256>.authenticationCode(for: message, using: key.secret))
    }
}
