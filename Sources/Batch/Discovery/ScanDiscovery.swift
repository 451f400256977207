import Findings
import Glibc
import Listings
import Slides

/// The scans in some folders, in an order that depends on nothing but their paths.
///
/// A scan is a regular file with a suffix or signature of a scan format. What starts with a dot is skipped: snapshots, and the
/// resource forks that macOS leaves beside files (`._a.tif`). A link to a file is followed as long as it ends within
/// the folder that was given; links to folders are not followed, for what they hold is found under its own name or
/// lies elsewhere. A file that two of the inputs hold is taken once.
public struct ScanDiscovery: Sendable {
    /// By input, then by the bytes of the path.
    public private(set) var scans: [DiscoveredScan] = []
    public private(set) var unreachable: [UnreachableInput] = []
    /// Links that lead out of the folder that was given, to a folder, or nowhere.
    public private(set) var unfollowedLinks = 0
    /// Files without a suffix of a scan format that could not be read: whether they are scans is not known.
    public private(set) var unexaminedFiles = 0

    /// As bytes: two names that Unicode holds for equal are two files.
    private var seen: Set<[UInt8]> = []
    private let formats: ScanFormats

    /// - Parameters:
    ///   - inputs: folders, and single files, which are scans whatever their name.
    ///   - formats: that scans may have.
    /// - Throws: `missingInput` for an input that is not there, before anything is walked.
    public init(_ inputs: [String], formats: ScanFormats = .standard) throws(BatchError) {
        self.formats = formats
        var roots: [(given: String, real: String)] = []
        for input in inputs {
            guard let real = realPath(input) else {
                throw BatchError(.missingInput, "the input \(input.printable) cannot be found: \(systemMessage(errno))")
            }
            roots.append((input, real))
        }
        for root in roots {
            if fileStatus(root.real)?.isFolder == true {
                walk(root.real)
            } else {
                addGivenFile(root.real)
            }
        }
    }

    private mutating func addGivenFile(_ file: String) {
        guard seen.insert(Array(file.utf8)).inserted else { return }
        scans.append(
            DiscoveredScan(
                root: parent(file), path: lastComponent(file), file: file, folder: lastComponent(parent(file))))
    }

    /// Folders are walked with a list, not by recursion: a hostile depth must not exhaust the stack.
    private mutating func walk(_ root: String) {
        var found: [DiscoveredScan] = []
        var folders = [""]
        while let relative = folders.popLast() {
            let folder = relative.isEmpty ? root : join(root, relative)
            switch listFolder(folder) {
            case .failure(let failure):
                unreachable.append(
                    UnreachableInput(
                        root: root, path: relative.isEmpty ? "." : relative, folder: lastComponent(folder),
                        failure: failure))
            case .success(let names):
                for name in names {
                    let path = relative.isEmpty ? name.text : "\(relative)/\(name.text)"
                    guard name.isExact else {
                        refuse(name.text, path: path, folder: folder, root: root)
                        continue
                    }
                    examine(name.text, path: path, in: folder, root: root, folders: &folders, found: &found)
                }
            }
        }
        found.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        scans += found
    }

    private mutating func examine(
        _ name: String, path: String, in folder: String, root: String, folders: inout [String],
        found: inout [DiscoveredScan]
    ) {
        let location = join(folder, name)
        guard let status = fileStatus(location) else {
            // Deleted since it was listed, or in a folder that may be listed but not entered.
            if formats.claim(fileNamed: name) && errno != ENOENT {
                unreachable.append(
                    .init(root: root, path: path, folder: lastComponent(folder), failure: unreadable(errno)))
            }
            return
        }
        if status.isFolder {
            folders.append(path)
            return
        }
        var file = location
        if status.isLink {
            guard let target = realPath(location), target.utf8.starts(with: join(root, "").utf8),
                fileStatus(target)?.isRegular == true
            else {
                unfollowedLinks += 1
                return
            }
            file = target
        } else if !status.isRegular {
            return
        }
        if !formats.claim(fileNamed: name) {
            guard let isScan = startsAsScan(file) else {
                unexaminedFiles += 1
                return
            }
            guard isScan else { return }
        }
        guard seen.insert(Array(location.utf8)).inserted else { return }
        found.append(DiscoveredScan(root: root, path: path, file: file, folder: lastComponent(folder)))
    }

    /// Whether a regular file starts as a scan does; nil where it cannot be read.
    private func startsAsScan(_ file: String) -> Bool? {
        let opened = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        let descriptor = Descriptor(owning: opened)
        return formats.claim(fileDescriptor: descriptor.number)
    }

    /// A name that is not UTF-8 cannot be kept exactly, so it cannot be opened again by what is kept.
    private mutating func refuse(_ name: String, path: String, folder: String, root: String) {
        guard formats.claim(fileNamed: name) else {
            unexaminedFiles += 1
            return
        }
        let failure = AnalysisFailure(stage: .open, code: .unsupported, message: "the file's name is not UTF-8")
        unreachable.append(UnreachableInput(root: root, path: path, folder: lastComponent(folder), failure: failure))
    }
}
