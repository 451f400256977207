import Findings
import Glibc
import Slides

/// A folder on the way of a walk.
struct WalkedFolder {
    /// As it is found, relative to the walk's root.
    let path: ScanPath
    /// Where it is without links.
    let location: DiscoveredScan.LinkTarget
    let identity: FileIdentity
    /// Whether a link was followed on the way.
    let isLinked: Bool
    /// What is still to be looked at, the next one last; nil before the folder was listed.
    var rest: FolderEntries?
    /// What of it belongs to scans of several files; nil before it was listed.
    var parts: PartNames?
    /// Of the scan whose parts it holds; nil for any other folder.
    let form: MultifileForm?
    private let holders: Holders?

    /// The folders that hold a folder.
    private final class Holders {
        let identity: FileIdentity
        let parent: Holders?

        init(_ identity: FileIdentity, _ parent: Holders?) {
            self.identity = identity
            self.parent = parent
        }
    }

    init(root: ScanPath, _ identity: FileIdentity) {
        path = ScanPath("")
        location = DiscoveredScan.LinkTarget(root: root, path: path)
        self.identity = identity
        isLinked = false
        form = nil
        holders = nil
    }

    init(
        _ path: ScanPath, _ location: DiscoveredScan.LinkTarget, _ identity: FileIdentity, in folder: WalkedFolder,
        isLinked: Bool, form: MultifileForm? = nil
    ) {
        self.path = path
        self.location = location
        self.identity = identity
        self.isLinked = isLinked
        self.form = form
        holders = Holders(folder.identity, folder.holders)
    }

    /// Whether a file in it is a part of a scan, and not one itself.
    func isPart(_ name: String) -> Bool {
        parts?.contains(name) == true || form?.mayHavePart(named: Array(name.utf8)) == true
    }

    /// Whether the way leads through the other folder: a link to it leads round in a circle.
    func isWithin(_ other: FileIdentity) -> Bool {
        if identity == other { return true }
        var next = holders
        while let folder = next {
            if folder.identity == other { return true }
            next = folder.parent
        }
        return false
    }
}

struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
