import Findings
import Glibc
import Slides

/// Everything in one folder and the folders below it.
///
/// By a list, not by recursion, and each folder opened anew from the one that was given: neither a hostile depth nor a path
/// longer than the system takes ends it.
struct FolderWalk {
    static let depthLimit = 4096

    private(set) var scans: [DiscoveredScan] = []
    private(set) var unreachable: [UnreachableInput] = []
    private(set) var leftOut = LeftOut()
    /// Regular files and links that were not ignored, whatever they are.
    private(set) var fileCount = 0

    private let root: ScanPath
    /// Where links may lead.
    private let linkRoots: [ScanPath]
    private let ignored: IgnoredPaths
    private let formats: ScanFormats
    private var waiting: [Folder] = []
    private var walked: Set<FileIdentity> = []
    private var unfollowed: [(path: ScanPath, mark: String, target: FileIdentity?)] = []

    struct FileIdentity: Sendable, Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    private struct Folder {
        /// As it is found, relative to the walk's root.
        let path: ScanPath
        /// Where it is without links.
        let location: DiscoveredScan.LinkTarget
        let identity: FileIdentity
        let ancestors: Ancestors?
        /// Whether a link was followed on the way.
        let isLinked: Bool
    }

    /// The folders that hold a folder, to see where links lead round in a circle.
    private final class Ancestors {
        let identity: FileIdentity
        let parent: Ancestors?

        init(_ identity: FileIdentity, _ parent: Ancestors?) {
            self.identity = identity
            self.parent = parent
        }

        func contain(_ other: FileIdentity) -> Bool {
            var next: Ancestors? = self
            while let ancestors = next {
                if ancestors.identity == other { return true }
                next = ancestors.parent
            }
            return false
        }
    }

    /// - Parameters:
    ///   - root: absolute, without links.
    ///   - status: of the root.
    ///   - follow: folders besides the root that links may lead into; absolute, without links.
    init(_ root: ScanPath, status: stat, follow: [ScanPath], ignored: IgnoredPaths, formats: ScanFormats) {
        self.root = root
        self.formats = formats
        linkRoots = follow
        self.ignored = ignored
        waiting = [
            Folder(
                path: ScanPath(""), location: .init(root: root, path: ScanPath("")), identity: FileIdentity(status),
                ancestors: nil, isLinked: false)
        ]
        while let folder = waiting.popLast() {
            do throws(AnalysisFailure) {
                try read(folder)
            } catch {
                let name = folder.path.lastComponent
                unreachable.append(
                    UnreachableInput(
                        root: root, path: name == nil ? ScanPath(".") : folder.path,
                        folder: name ?? root.lastComponent ?? "/", failure: error,
                        mark: PlaceMark.digits(
                            device: folder.identity.device, inode: folder.identity.inode, name: name ?? "")))
            }
        }
        for link in unfollowed {
            let isWalked = link.target.map(walked.contains) ?? false
            leftOut.add(isWalked ? .linkToWalkedFolder : .link, link.path, mark: link.mark)
        }
        scans.sort { $0.path < $1.path }
    }

    private mutating func read(_ folder: Folder) throws(AnalysisFailure) {
        let open = try OpenFolder(folder.location.path, in: folder.location.root)
        walked.insert(folder.identity)
        for entry in try open.entries() {
            let path = folder.path.appending(entry.name)
            if ignored.contains(path) {
                leftOut.add(.ignored, path, mark: PlaceMark.digits(open.status, name: entry.name))
            } else if let status = open.status(of: entry.name) {
                examine(entry.name, status, path: path, in: open, folder)
            } else if errno != ENOENT {
                // The folder may be listed but not entered.
                refuse(path, entry, because: unreadable(errno), in: open)
            }
        }
    }

    private mutating func examine(
        _ name: String, _ status: stat, path: ScanPath, in open: borrowing OpenFolder, _ folder: Folder
    ) {
        let location = DiscoveredScan.LinkTarget(
            root: folder.location.root, path: folder.location.path.appending(name))
        if status.isFolder {
            if ScanFileKind(name: name, formats: formats) == .unread("Zarr") {
                leftOut.add(.unread("Zarr"), path, mark: PlaceMark.digits(status, name: name))
            } else {
                enter(path, location, FileIdentity(status), from: folder, isLinked: folder.isLinked)
            }
        } else if status.isLink {
            fileCount += 1
            follow(name, path: path, mark: PlaceMark.digits(status, name: name), in: open, folder)
        } else if status.isRegular {
            fileCount += 1
            add(kind(of: name, at: location), path, target: folder.isLinked ? location : nil, status)
        } else if ScanFileKind(name: name, formats: formats) != nil {
            fileCount += 1
            let failure = AnalysisFailure(
                stage: .open, code: .unsupported, message: "it has a scan's name, but is a pipe, a socket or a device")
            refuse(path, .init(name: name, isFolder: false), because: failure, in: open)
        }
    }

    /// What a regular file is; nil where it cannot be read.
    private func kind(of name: String, at location: DiscoveredScan.LinkTarget) -> ScanFileKind? {
        if let kind = ScanFileKind(name: name, formats: formats) { return kind }
        do throws(AnalysisFailure) {
            let file = try openPlace(location.path, in: location.root, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            return ScanFileKind(file, formats: formats)
        } catch {
            return nil
        }
    }

    /// - Parameter kind: nil where the file cannot be read.
    private mutating func add(
        _ kind: ScanFileKind?, _ path: ScanPath, target: DiscoveredScan.LinkTarget?, _ status: stat
    ) {
        let mark = { PlaceMark.digits(status, name: path.lastComponent ?? "") }
        switch kind {
        case .scan: scans.append(DiscoveredScan(root: root, path: path, target: target, stamp: FileStamp(status)))
        case .unread(let format): leftOut.add(.unread(format), path, mark: mark())
        case .other: break
        case nil: leftOut.add(.unexamined, path, mark: mark())
        }
    }

    private mutating func enter(
        _ path: ScanPath, _ location: DiscoveredScan.LinkTarget, _ identity: FileIdentity, from folder: Folder,
        isLinked: Bool
    ) {
        waiting.append(
            Folder(
                path: path, location: location, identity: identity,
                ancestors: Ancestors(folder.identity, folder.ancestors), isLinked: isLinked))
    }

    /// To a file within the root or where links may lead; to a folder only where links may lead: in the root, it is walked
    /// under its own name.
    private mutating func follow(
        _ name: String, path: ScanPath, mark: String, in open: borrowing OpenFolder, _ folder: Folder
    ) {
        guard let status = open.status(of: name, following: true), let end = open.target(of: name) else {
            unfollowed.append((path, mark, nil))
            return
        }
        let allowed = status.isFolder ? linkRoots : [root] + linkRoots
        let locations = allowed.compactMap { allowed in
            (end == allowed ? ScanPath("") : end.relative(to: allowed)).map {
                DiscoveredScan.LinkTarget(root: allowed, path: $0)
            }
        }
        let identity = FileIdentity(status)
        guard let location = locations.first, status.isFolder || status.isRegular else {
            unfollowed.append((path, mark, status.isFolder ? identity : nil))
            return
        }
        if status.isFolder {
            // What leads round in a circle, or behind another link to where this walk has been, holds nothing new.
            let isCircle = identity == folder.identity || folder.ancestors?.contain(identity) == true
            if isCircle || folder.isLinked && walked.contains(identity) {
                unfollowed.append((path, mark, identity))
            } else {
                enter(path, location, identity, from: folder, isLinked: true)
            }
        } else {
            add(kind(of: name, at: location), path, target: location, status)
        }
    }

    private mutating func refuse(
        _ path: ScanPath, _ entry: OpenFolder.Entry, because failure: AnalysisFailure, in open: borrowing OpenFolder
    ) {
        let mark = PlaceMark.digits(open.status, name: entry.name)
        guard entry.isFolder || ScanFileKind(name: entry.name, formats: formats) != nil else {
            leftOut.add(.unexamined, path, mark: mark)
            return
        }
        let folder = entry.isFolder ? entry.name : path.parent.lastComponent ?? root.lastComponent ?? "/"
        unreachable.append(UnreachableInput(root: root, path: path, folder: folder, failure: failure, mark: mark))
    }
}
