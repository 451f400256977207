/// Counts the changes of the analysis itself (tiling, stitching, measuring) that change findings.
///
/// Part of a pipeline's fingerprint, so that a new version of the program analyses again what it
/// would now see otherwise, and only that.
enum AnalysisRevision {
    static let current = 7
}
