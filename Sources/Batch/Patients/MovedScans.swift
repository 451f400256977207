import FindingStore
import Findings
import Glibc

/// Scans that a run found under another patient than an earlier one did: whether they were moved, so that they are that
/// patient's alone, or are still where they were, or may be.
struct MovedScans {
    /// Files that are gone, or another's in their place.
    private(set) var departed: [FormerSighting] = []
    /// Files of which it cannot be told: their folder is empty, as it would be without its file system.
    private(set) var undecided: [FormerSighting] = []
    /// Files in folders that the run did not look at.
    private(set) var elsewhere: [FormerSighting] = []

    /// - Parameter walked: the folders that the run looked at, absolute.
    init(_ former: [FormerSighting], walked: [ScanPath]) {
        for sighting in former {
            if sighting.isReplaced {
                departed.append(sighting)
            } else if !walked.contains(where: { sighting.file.relative(to: $0) != nil }) {
                elsewhere.append(sighting)
            } else {
                switch MovedScans.isGone(sighting) {
                case true?: departed.append(sighting)
                case false?: break
                case nil: undecided.append(sighting)
                }
            }
        }
    }

    var notices: [Notice] {
        [
            Notice(.moved, Set(departed.filter { !$0.isToldNoMore }.map(\.scan.prefix)).sorted()),
            Notice(.patientToldNoMore, Set(departed.filter(\.isToldNoMore).map(\.scan.prefix)).sorted()),
            Notice(.perhapsMoved, Set(undecided.map(\.scan.prefix)).sorted()),
            Notice(.elsewhere, Set(elsewhere.map(\.scan.prefix)).sorted()),
        ].compactMap(\.self)
    }

    /// Nil where that cannot be told.
    private static func isGone(_ sighting: FormerSighting) -> Bool? {
        if status(sighting.file) != nil { return false }
        guard errno == ENOENT || errno == ENOTDIR else { return nil }
        var folder = sighting.file.parent
        var found = status(folder)
        while found == nil, folder.lastComponent != nil {
            folder = folder.parent
            found = status(folder)
        }
        guard let found, let entries = try? OpenFolder(ScanPath(""), in: folder).entries() else { return nil }
        if !entries.isEmpty { return true }
        // A folder is left empty by whoever moves its last file, and by whoever unmounts what was in it.
        return sighting.devices == [UInt64(found.st_dev)] ? true : nil
    }

    private static func status(_ path: ScanPath) -> stat? {
        var status = stat()
        return path.withCString { lstat($0, &status) } == 0 ? status : nil
    }
}
