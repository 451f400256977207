import Findings

/// How a finding of one analysis differs from its counterpart in another of the same scan.
public struct FindingChange: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Only the later analysis has it.
        case gained
        /// Only the earlier analysis has it.
        case lost
        /// Both have it, under other labels.
        case relabelled
        /// Both have it under the same label, with other confidence.
        case shifted
    }

    public let kind: Kind
    /// Nil for what was gained.
    public let before: Finding?
    /// Nil for what was lost.
    public let after: Finding?
    /// Intersection over union of the two regions' pixels; nil unless both are there and have pixels.
    public let overlap: Double?
}
