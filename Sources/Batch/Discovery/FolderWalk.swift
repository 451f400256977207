import Findings
import Glibc
import Slides

/// Everything in one folder and the folders below it, in the order of the paths' bytes.
///
/// By a list, not by recursion, and each folder opened anew from the one that was given: neither a hostile depth nor a path
/// longer than the system takes ends it. Of what it finds it keeps the names in the folders on the way, and no more.
struct FolderWalk {
    static let depthLimit = 4096

    private(set) var unreachable: [UnreachableInput] = []
    private(set) var leftOut = LeftOut()
    private(set) var scanCount = 0
    /// Regular files and links that were not ignored, whatever they are.
    private(set) var fileCount = 0

    private let root: ScanPath
    /// Where links may lead.
    private let linkRoots: [ScanPath]
    private let ignored: IgnoredPaths
    private let formats: ScanFormats
    private var walked: Set<FileIdentity> = []
    private var unfollowed: [(path: ScanPath, mark: String, target: FileIdentity?)] = []

    /// What an entry of a folder turns out to be.
    private enum Found {
        case scan(DiscoveredScan)
        case folder(WalkedFolder)
    }

    /// - Parameters:
    ///   - root: absolute, without links.
    ///   - follow: folders besides the root that links may lead into; absolute, without links.
    init(_ root: ScanPath, follow: [ScanPath], ignored: IgnoredPaths, formats: ScanFormats) {
        self.root = root
        self.formats = formats
        linkRoots = follow
        self.ignored = ignored
    }

    /// - Parameters:
    ///   - status: of the root.
    ///   - found: called with one scan after the other.
    mutating func walk<Failure>(_ status: stat, _ found: (DiscoveredScan) throws(Failure) -> Void) throws(Failure) {
        var way = [WalkedFolder(root: root, FileIdentity(status))]
        while var folder = way.popLast() {
            guard let open = open(&folder) else { continue }
            while let entry = folder.rest?.popLast() {
                switch look(at: entry, in: open, folder) {
                case .scan(let scan)?:
                    scanCount += 1
                    try found(scan)
                    continue
                case nil: continue
                case .folder(let next)?: way += [folder, next]
                }
                break
            }
        }
        for link in unfollowed {
            let isWalked = link.target.map(walked.contains) ?? false
            leftOut.add(isWalked ? .linkToWalkedFolder : .link, link.path, mark: link.mark)
        }
    }

    /// Lists the folder the first time; nil where it cannot be opened or listed, which is noted.
    private mutating func open(_ folder: inout WalkedFolder) -> OpenFolder? {
        do throws(AnalysisFailure) {
            let open = try OpenFolder(folder.location.path, in: folder.location.root)
            if folder.rest == nil {
                walked.insert(folder.identity)
                var entries = try open.entries()
                entries.sortBackwards()
                folder.parts = PartNames(among: entries, in: open)
                folder.rest = entries
            }
            return open
        } catch {
            refuse(folder, because: error)
            return nil
        }
    }

    private mutating func look(
        at entry: FolderEntries.Entry, in open: borrowing OpenFolder, _ folder: WalkedFolder
    ) -> Found? {
        let path = folder.path.appending(entry.name)
        if ignored.contains(path) {
            leftOut.add(.ignored, path, mark: PlaceMark.digits(open.status, name: entry.name))
        } else if let status = open.status(of: entry.name) {
            return examine(entry.name, status, path: path, in: open, folder)
        } else if errno != ENOENT {
            // The folder may be listed but not entered.
            refuse(path, entry, because: unreadable(errno), in: open)
        }
        return nil
    }

    private mutating func examine(
        _ name: String, _ status: stat, path: ScanPath, in open: borrowing OpenFolder, _ folder: WalkedFolder
    ) -> Found? {
        let location = DiscoveredScan.LinkTarget(
            root: folder.location.root, path: folder.isLinked ? folder.location.path.appending(name) : path)
        if status.isFolder {
            if ScanFileKind(name: name, formats: formats) == .unread("Zarr") {
                leftOut.add(.unread("Zarr"), path, mark: PlaceMark.digits(status, name: name))
                return nil
            }
            return .folder(
                WalkedFolder(
                    path, location, FileIdentity(status), in: folder, isLinked: folder.isLinked,
                    form: folder.parts?.form(ofFolder: name)))
        }
        if status.isLink {
            fileCount += 1
            return follow(name, path: path, mark: PlaceMark.digits(status, name: name), in: open, folder)
        }
        if status.isRegular {
            fileCount += 1
            // A scan that another claims for a part of its own is one all the same.
            if folder.isPart(name), !formats.claim(fileNamed: name) { return nil }
            return scan(kind(of: name, at: location), path, at: location, isLinked: folder.isLinked, status)
        }
        if ScanFileKind(name: name, formats: formats) != nil {
            fileCount += 1
            let failure = AnalysisFailure(
                stage: .open, code: .unsupported, message: "it has a scan's name, but is a pipe, a socket or a device")
            refuse(path, .init(name: name, isFolder: false), because: failure, in: open)
        }
        return nil
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
    private mutating func scan(
        _ kind: ScanFileKind?, _ path: ScanPath, at location: DiscoveredScan.LinkTarget, isLinked: Bool, _ status: stat
    ) -> Found? {
        let mark = { PlaceMark.digits(status, name: path.lastComponent ?? "") }
        switch kind {
        case .scan:
            return .scan(
                DiscoveredScan(
                    root: root, path: path, target: isLinked ? location : nil, stamp: FileStamp(status, at: location)))
        case .unread(let format): leftOut.add(.unread(format), path, mark: mark())
        case .other: break
        case nil: leftOut.add(.unexamined, path, mark: mark())
        }
        return nil
    }

    /// To a file within the root or where links may lead; to a folder only where links may lead: in the root, it is walked
    /// under its own name.
    private mutating func follow(
        _ name: String, path: ScanPath, mark: String, in open: borrowing OpenFolder, _ folder: WalkedFolder
    ) -> Found? {
        guard let status = open.status(of: name, following: true), let end = open.target(of: name) else {
            unfollowed.append((path, mark, nil))
            return nil
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
            return nil
        }
        guard status.isFolder else {
            return scan(kind(of: name, at: location), path, at: location, isLinked: true, status)
        }
        // What leads round in a circle, or behind another link to where this walk has been, holds nothing new.
        guard !folder.isWithin(identity), !(folder.isLinked && walked.contains(identity)) else {
            unfollowed.append((path, mark, identity))
            return nil
        }
        return .folder(WalkedFolder(path, location, identity, in: folder, isLinked: true))
    }

    private mutating func refuse(_ folder: WalkedFolder, because failure: AnalysisFailure) {
        let name = folder.path.lastComponent
        unreachable.append(
            UnreachableInput(
                root: root, path: name == nil ? ScanPath(".") : folder.path, folder: name ?? root.lastComponent ?? "/",
                failure: failure,
                mark: PlaceMark.digits(
                    device: folder.identity.device, inode: folder.identity.inode, name: name ?? "")))
    }

    private mutating func refuse(
        _ path: ScanPath, _ entry: FolderEntries.Entry, because failure: AnalysisFailure, in open: borrowing OpenFolder
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
