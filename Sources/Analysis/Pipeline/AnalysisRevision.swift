/// Counts the changes of the analysis itself (tiling, stitching, measuring) that change findings.
///
/// Part of a pipeline's fingerprint, so that a new version of the program analyses again what it
/// would now see otherwise, and only that. `FixtureFindingsTests` fails where findings change without it.
public enum AnalysisRevision {
    public static let current = 14
}
