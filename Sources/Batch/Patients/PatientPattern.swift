import Findings

/// A regular expression over a scan's path whose group `patient` is the patient's id.
public struct PatientPattern {
    private static let group = "patient"

    private let expression: Regex<AnyRegexOutput>

    /// - Throws: `invalidPattern` for what is no regular expression, or has no group `patient`.
    public init(_ pattern: String) throws(BatchError) {
        do {
            expression = try Regex(pattern)
        } catch {
            throw BatchError(.invalidPattern, "the patient pattern is not a regular expression: \(error)")
        }
        guard expression.contains(captureNamed: PatientPattern.group) else {
            throw BatchError(.invalidPattern, "the patient pattern has no group (?<patient>...)")
        }
    }

    /// The patient's id; nil where the path does not match or the group is empty.
    func patient(in path: String) -> String? {
        guard let match = path.firstMatch(of: expression),
            let text = match[PatientPattern.group]?.substring
        else { return nil }
        let id = Patient.id(writtenAs: String(text))
        return id.isEmpty ? nil : id
    }
}
