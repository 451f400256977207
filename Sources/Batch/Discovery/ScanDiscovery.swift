import Findings
import Glibc
import Listings
import Slides
import SystemPackage

/// The scans in some folders, in an order that depends on nothing but their paths.
///
/// A scan is a regular file with a suffix or signature of a scan format; what else a scan of several files consists of is none of
/// its own. What starts with a dot is skipped: snapshots, and the
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

    /// What there is to say of the folders, besides their scans.
    public struct Report: Sendable {
        public internal(set) var scanCount = 0
        public internal(set) var unreachable: [UnreachableInput] = []
        public internal(set) var leftOut = LeftOut()
        public internal(set) var walked: [Walked] = []
    }

    private let roots: [ScanPath]
    private let linkRoots: [ScanPath]
    private let ignored: IgnoredPaths
    private let formats: ScanFormats

    /// - Parameters:
    ///   - inputs: folders, and single files, which are scans whatever their name.
    ///   - follow: folders that links may lead into.
    ///   - ignoring: shell patterns of paths to be passed over.
    ///   - formats: that scans may have.
    /// - Throws: `missingInput` for an input that is not there.
    public init(
        _ inputs: [String], follow: [String] = [], ignoring: [String] = [], formats: ScanFormats = .standard
    ) throws(BatchError) {
        roots = try inputs.map { (input) throws(BatchError) in try Self.resolve(input, "the input") }
        linkRoots = try follow.map { (root) throws(BatchError) in try Self.resolve(root, "the folder to follow") }
        ignored = IgnoredPaths(patterns: ignoring)
        self.formats = formats
    }

    /// Hands over one scan after the other, by input, then by the bytes of the path; millions take no more memory than few.
    public func walk<Failure>(_ found: (DiscoveredScan) throws(Failure) -> Void) throws(Failure) -> Report {
        var report = Report()
        var seen: Set<ScanPath> = []
        for (number, root) in roots.enumerated() {
            let mayRepeat = roots.indices.contains { $0 != number && Self.overlap(roots[$0], root) }
            func add(_ scan: DiscoveredScan) throws(Failure) {
                guard !mayRepeat || seen.insert(scan.place).inserted else { return }
                report.scanCount += 1
                try found(scan)
            }
            var status = stat()
            guard root.withCString({ lstat($0, &status) }) == 0, status.isFolder else {
                try add(Self.given(root, status))
                continue
            }
            var walk = FolderWalk(root, follow: linkRoots, ignored: ignored, formats: formats)
            try walk.walk(status, add)
            report.unreachable += walk.unreachable
            report.leftOut.add(walk.leftOut)
            report.walked.append(
                Walked(
                    root: root, scanCount: walk.scanCount, fileCount: walk.fileCount,
                    mark: PlaceMark.digits(status, name: root.lastComponent ?? "")))
        }
        return report
    }

    private static func overlap(_ one: ScanPath, _ other: ScanPath) -> Bool {
        one == other || one.relative(to: other) != nil || other.relative(to: one) != nil
    }

    private static func given(_ file: ScanPath, _ status: stat) -> DiscoveredScan {
        let (root, path) = (file.parent, ScanPath(file.lastComponent ?? ""))
        return DiscoveredScan(
            root: root, path: path,
            stamp: FileStamp(status, at: DiscoveredScan.LinkTarget(root: root, path: path)))
    }

    private static func resolve(_ path: String, _ what: String) throws(BatchError) -> ScanPath {
        guard let real = realPath(path) else {
            throw BatchError(.missingInput, "\(what) \(path.printable) cannot be found: \(Errno(rawValue: errno))")
        }
        return real
    }
}
