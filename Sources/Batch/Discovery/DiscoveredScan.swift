import CLinux
import Findings
import Glibc

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

extension DiscoveredScan {
    /// Opens the file as it was found: no link is followed on the way to it from the folder that was given, so that a
    /// folder or file that was replaced by a link since leads nowhere.
    func open() throws(AnalysisFailure) -> Descriptor {
        var place = try DiscoveredScan.open(root, in: AT_FDCWD, flags: clinux_open_place | O_DIRECTORY)
        let names = file.utf8.dropFirst(root.utf8.count).split(separator: UInt8(ascii: "/")).compactMap { String($0) }
        for name in names.dropLast() {
            place = try DiscoveredScan.open(
                name, in: place.number, flags: clinux_open_place | O_DIRECTORY | O_NOFOLLOW)
        }
        // Not blocking: opening a pipe would wait for who writes into it.
        return try DiscoveredScan.open(
            names.last ?? ".", in: place.number, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    }

    private static func open(_ name: String, in folder: Int32, flags: Int32) throws(AnalysisFailure) -> Descriptor {
        let opened = openat(folder, name, flags | O_CLOEXEC)
        guard opened >= 0 else { throw unreadable(errno) }
        return Descriptor(owning: opened)
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
