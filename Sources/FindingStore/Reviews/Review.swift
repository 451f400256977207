import Findings
import Listings

/// What a person said of a finding.
public struct Review: Sendable, Hashable {
    public enum Verdict: String, Sendable, CaseIterable {
        case agreed
        /// It is there, but something else.
        case relabelled
        /// It is nothing of the kind.
        case rejected
        /// No verdict, only a note.
        case noted
    }

    public let verdict: Verdict
    /// What it is instead; nil unless relabelled.
    public let label: String?
    /// Empty where nothing was noted.
    public let note: String
    public let reviewer: String
    public let at: Timestamp

    /// The longest label, note and name, in characters.
    public static let longest = (label: 200, note: 2_000, reviewer: 100)

    /// - Returns: nil for a review by nobody, a new label that is none, a note without words, or texts too long.
    public init?(_ verdict: Verdict, label: String? = nil, note: String = "", by reviewer: String, at: Timestamp) {
        let (name, label, note) = (reviewer.trimmed, label?.trimmed, note.trimmed)
        guard !name.isEmpty, name.count <= Self.longest.reviewer, note.count <= Self.longest.note,
            (verdict == .relabelled) == (label != nil),
            label.map({ (1...Self.longest.label).contains($0.count) }) ?? true,
            verdict != .noted || !note.isEmpty
        else { return nil }
        self.verdict = verdict
        self.label = label
        self.note = note
        self.reviewer = name
        self.at = at
    }
}
