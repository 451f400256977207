import Findings
import Glibc
import Listings
import Slides
import SystemPackage

/// The scans in some folders, in an order that depends on nothing but their paths.
///
/// A scan is a regular file with a suffix or signature of a scan format. What starts with a dot is skipped: snapshots, and the
/// resource forks that macOS leaves beside files (`._a.tif`). A link to a file is followed as long as it ends within
/// the folder that was given or one that links may lead into; a link to a folder, within the latter. A file that two of
/// the inputs hold is taken once. What is passed over is counted and named.
public struct ScanDiscovery: Sendable {
    /// A folder that was given.
    public struct Walked: Sendable {
        public let root: ScanPath
        public let scanCount: Int
        /// Regular files and links that were not ignored.
        public let fileCount: Int
        let mark: String
    }

    /// By input, then by the bytes of the path.
    public private(set) var scans: [DiscoveredScan] = []
    public private(set) var unreachable: [UnreachableInput] = []
    public private(set) var leftOut = LeftOut()
    public private(set) var walked: [Walked] = []

    /// - Parameters:
    ///   - inputs: folders, and single files, which are scans whatever their name.
    ///   - follow: folders that links may lead into.
    ///   - ignoring: shell patterns of paths to be passed over.
    ///   - formats: that scans may have.
    /// - Throws: `missingInput` for an input that is not there, before anything is walked.
    public init(
        _ inputs: [String], follow: [String] = [], ignoring: [String] = [], formats: ScanFormats = .standard
    ) throws(BatchError) {
        let roots = try inputs.map { (input) throws(BatchError) in try Self.resolve(input, "the input") }
        let linkRoots = try follow.map { (root) throws(BatchError) in try Self.resolve(root, "the folder to follow") }
        var seen: Set<ScanPath> = []
        for root in roots {
            var status = stat()
            guard root.withCString({ lstat($0, &status) }) == 0, status.isFolder else {
                add([Self.given(root, status)], unless: &seen, isOnly: roots.count == 1)
                continue
            }
            let walk = FolderWalk(
                root, status: status, follow: linkRoots, ignored: IgnoredPaths(patterns: ignoring),
                formats: formats)
            add(walk.scans, unless: &seen, isOnly: roots.count == 1)
            unreachable += walk.unreachable
            leftOut.add(walk.leftOut)
            walked.append(
                Walked(
                    root: root, scanCount: walk.scans.count, fileCount: walk.fileCount,
                    mark: PlaceMark.digits(status, name: root.lastComponent ?? "")))
        }
    }

    private mutating func add(_ found: [DiscoveredScan], unless seen: inout Set<ScanPath>, isOnly: Bool) {
        scans += isOnly ? found : found.filter { seen.insert($0.place).inserted }
    }

    private static func given(_ file: ScanPath, _ status: stat) -> DiscoveredScan {
        DiscoveredScan(root: file.parent, path: ScanPath(file.lastComponent ?? ""), stamp: FileStamp(status))
    }

    private static func resolve(_ path: String, _ what: String) throws(BatchError) -> ScanPath {
        guard let real = realPath(path) else {
            throw BatchError(.missingInput, "\(what) \(path.printable) cannot be found: \(Errno(rawValue: errno))")
        }
        return real
    }
}
