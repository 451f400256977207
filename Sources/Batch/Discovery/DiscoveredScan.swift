import Analysis
import CLinux
import Findings
import Glibc

/// A file among the inputs that is, or claims to be, a scan.
public struct DiscoveredScan: Sendable, Hashable {
    /// The folder that was given, or the folder of a file that was given; absolute.
    public let root: ScanPath
    /// How the scan is known: relative to `root`.
    public let path: ScanPath
    /// Where the file is, if a link leads to it.
    public let target: LinkTarget?
    /// What the file system said of the file.
    public let stamp: FileStamp

    /// The end of a link: within a folder that links may lead to.
    public struct LinkTarget: Sendable, Hashable {
        /// Absolute, and free of links.
        public let root: ScanPath
        /// Relative to `root`, and free of links.
        public let path: ScanPath
    }

    public init(root: ScanPath, path: ScanPath, target: LinkTarget? = nil, stamp: FileStamp) {
        self.root = root
        self.path = path
        self.target = target
        self.stamp = stamp
    }

    /// Absolute, as it was found.
    var place: ScanPath { root.appending(path.text) }

    /// What is opened: absolute, and free of links.
    public var file: ScanPath { target.map { $0.root.appending($0.path.text) } ?? place }

    /// The name of the folder that holds it.
    public var folder: String { path.parent.lastComponent ?? root.lastComponent ?? "/" }

    /// Names the file where no patient data may be, as long as it stays where it is.
    var mark: String {
        PlaceMark.digits(device: stamp.device, inode: stamp.inode, name: path.lastComponent ?? "")
    }

    /// Opens the file as it was found: no link is followed on the way to it from the folder that was given, or that links
    /// may lead to, so that a folder or file that was replaced by a link since leads nowhere.
    func open() throws(AnalysisFailure) -> OpenedScan {
        let (path, root) = (target?.path ?? path, target?.root ?? root)
        // Not blocking: opening a pipe would wait for who writes into it.
        let file = try openPlace(path, in: root, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        return try openParts(of: file, named: path) { () throws(AnalysisFailure) in
            try openPlace(path.parent, in: root, flags: clinux_open_place | O_DIRECTORY)
        }
    }
}

/// What cannot be listed, reached or opened: it gets a failure row, for what it holds is missing from the findings.
public struct UnreachableInput: Sendable, Hashable {
    public let root: ScanPath
    /// Relative to `root`; `.` for the root itself.
    public let path: ScanPath
    /// The folder's own name, or the name of the folder that holds the file.
    public let folder: String
    public let failure: AnalysisFailure
    /// Names it where no patient data may be.
    let mark: String
}
