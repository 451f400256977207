import FindingStore
import Findings
import Glibc
import Listings
import SystemPackage

/// Where no result may be written: over the database or what belongs to it, over a scan, or among the scans, where the
/// next run would find it.
struct ProtectedPlaces {
    private let database: FilePath
    /// Absolute, without links.
    private let folders: [FilePath]
    private let isScan: (FileStamp, FilePath) -> Bool

    /// Those of a run that is about to begin.
    ///
    /// - Parameter inputs: the folders and single scans that it was given.
    init(database: String, inputs: [String]) {
        self.database = Self.resolved(database)
        let inputs = inputs.map(Self.resolved)
        folders = inputs.filter { Self.status($0).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false }
        let files = inputs.compactMap(Self.status).map { FileStamp($0) }
        // All of them are there now, so no other file has their numbers.
        isScan = { file, _ in files.contains { $0.device == file.device && $0.inode == file.inode } }
    }

    /// Those that a database knows of.
    init(_ store: FindingStore) throws {
        database = FilePath(store.path)
        folders = try store.scanFolders().map { FilePath($0) }
        isScan = { (try? store.isKnownFile($0, at: ScanPath(bytes: Array($1.string.utf8)))) ?? false }
    }

    /// - Throws: `wrongUsage` for a place that is protected. Nothing is written.
    func check(_ path: String?, _ option: String) throws(CommandFailure) {
        guard let path else { return }
        let place = Self.resolved(path)
        let status = Self.status(place)
        func refuse(_ why: String) -> CommandFailure {
            CommandFailure(.wrongUsage, "\(option) \(path.printable) \(why): choose another place")
        }
        // Where other programs take it for standard output, a file of that name is nothing that anybody wants.
        if path == "-" { throw refuse("is standard output, which is not written to here") }
        let belongings = ["", "-wal", "-shm", "-journal", ".lock", "-reviews", "-reviews-journal"].map {
            FilePath(database.string + $0)
        }
        let identities = belongings.compactMap(Self.status).map { FileStamp($0) }
        let isOurs = status.map { FileStamp($0) }.map { file in
            identities.contains { $0.device == file.device && $0.inode == file.inode }
        }
        if belongings.contains(place) || place.string.hasPrefix(database.string + ".schema-") || isOurs == true {
            throw refuse("belongs to the database")
        }
        if let status, isScan(FileStamp(status), place) { throw refuse("is a scan") }
        if folders.contains(where: { place.starts(with: $0) }) { throw refuse("lies among the scans") }
    }

    private static func status(_ path: FilePath) -> stat? {
        var status = stat()
        return stat(path.string, &status) == 0 ? status : nil
    }

    /// Absolute and without links, as far as it exists.
    private static func resolved(_ path: String) -> FilePath { resolved(FilePath(path)) }

    private static func resolved(_ path: FilePath) -> FilePath {
        if let real = realpath(path.string, nil) {
            defer { free(real) }
            return FilePath(String(cString: real))
        }
        guard let name = path.lastComponent else { return path }
        let folder = path.removingLastComponent()
        return resolved(folder.isEmpty ? "." : folder).appending(name)
    }
}
