import Findings

/// A file among the inputs that is, or claims to be, a scan.
public struct DiscoveredScan: Sendable, Hashable {
    /// The folder that was given, or the folder of a file that was given; absolute.
    public let root: String
    /// How the scan is known: relative to `root`.
    public let path: String
    /// What is opened: absolute, and free of links.
    public let file: String
    /// The name of the folder that holds it.
    public let folder: String

    public init(root: String, path: String, file: String, folder: String) {
        self.root = root
        self.path = path
        self.file = file
        self.folder = folder
    }
}

/// A folder that cannot be listed, or a scan that cannot be reached: it gets a failure row, for what it holds is
/// missing from the findings.
public struct UnreachableInput: Sendable, Hashable {
    public let root: String
    /// Relative to `root`; `.` for the root itself.
    public let path: String
    /// The folder's own name, or the name of the folder that holds the file.
    public let folder: String
    public let failure: AnalysisFailure

    public init(root: String, path: String, folder: String, failure: AnalysisFailure) {
        self.root = root
        self.path = path
        self.folder = folder
        self.failure = failure
    }
}
