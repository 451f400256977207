/// What hides tissue, or makes it unfit to be graded.
public enum Artefact: String, Sendable, Hashable, CaseIterable {
    /// Ink of a marker.
    case pen
    /// Out of focus.
    case blur
    /// Tissue that lies on itself.
    case fold
    /// Coloured, and without any structure: a bubble under the coverslip.
    case bubble
}
