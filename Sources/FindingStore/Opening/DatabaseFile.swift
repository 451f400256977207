import Glibc
import Listings
import SystemPackage

/// The database as a file: where it really is, and what lies beside it.
struct DatabaseFile {
    /// Absolute, links resolved: SQLite puts the write-ahead log beside the real file.
    let path: String

    /// The file at `path`, or the place where it may be created.
    init(at path: String) throws(StoreError) {
        if let real = resolved(path) {
            self.path = real
            return
        }
        guard errno == ENOENT else {
            throw StoreError(.inputOutput, "cannot look up the database \(path.printable): \(Errno(rawValue: errno))")
        }
        let given = FilePath(path)
        let folder = given.components.count > 1 || given.isAbsolute ? given.removingLastComponent().string : "."
        guard let name = given.lastComponent, let real = resolved(folder) else {
            throw StoreError(.missing, "there is no folder \(folder.printable) to hold the database")
        }
        self.path = FilePath(real).appending(name).string
    }

    var exists: Bool { access(path, F_OK) == 0 }

    /// Nil unless the write-ahead log is there.
    var logByteCount: Int? { byteCount(path + "-wal") }
    var hasSharedMemory: Bool { byteCount(path + "-shm") != nil }

    /// Whether the file says that it is written with a write-ahead log, and there is none (sqlite.org/fileformat2.html,
    /// 1.3.3): it was copied without it.
    var isWithoutItsLog: Bool {
        guard logByteCount == nil, let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        else { return false }
        defer { try? file.close() }
        var versions: [UInt8] = [0, 0]
        let count = try? versions.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 18, into: $0) }
        return count == 2 && versions == [2, 2]
    }

    /// - Throws: `missing`, or `unusable` for what is not a regular file.
    func requireRegular() throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw errno == ENOENT
                ? StoreError(.missing, "there is no database \(path.printable)")
                : StoreError(.inputOutput, "cannot read the database \(path.printable): \(Errno(rawValue: errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.unusable(.notADatabase), "\(path.printable) is not a file")
        }
        guard access(path, R_OK) == 0 else {
            throw StoreError(.inputOutput, "cannot read the database \(path.printable): \(Errno(rawValue: errno))")
        }
    }

    /// Creates the file, empty and for its owner alone; SQLite gives the files beside it the same mode.
    func createIfMissing() throws(StoreError) {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite)
            try file.close()
        } catch Errno.fileExists {
            return
        } catch {
            throw StoreError(.cannotCreate, "cannot create the database \(path.printable): \(error)")
        }
    }

    /// The file as an SQLite URI with the given query.
    func uri(_ query: String) -> String {
        let unreserved = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            bytes +=
                unreserved.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "file:" + String(decoding: bytes, as: UTF8.self) + "?" + query
    }
}

private func byteCount(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
}

private func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
}

extension DatabaseFile {
    func removeIfPresent() throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw StoreError(.cannotCreate, "cannot remove \(path.printable): \(Errno(rawValue: errno))")
        }
    }

    /// With what SQLite leaves beside a database that it did not close: the next one of that name would be taken for its.
    func removeWithItsLog() throws(StoreError) {
        for suffix in ["-wal", "-shm", "-journal"] { try DatabaseFile(at: path + suffix).removeIfPresent() }
        try removeIfPresent()
    }

    /// Under its new name for good, whatever happens to the power.
    func rename(to target: DatabaseFile) throws(StoreError) {
        guard Glibc.rename(path, target.path) == 0 else {
            throw StoreError(.cannotCreate, "cannot create \(target.path.printable): \(Errno(rawValue: errno))")
        }
        try synchronise(FilePath(target.path).removingLastComponent().string)
    }

    /// Has the file's content written to the disk.
    func synchronise() throws(StoreError) {
        try synchronise(path)
    }

    private func synchronise(_ path: String) throws(StoreError) {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            try file.closeAfter {
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
        } catch {
            throw StoreError(.inputOutput, "cannot write \(path.printable): \(error)")
        }
    }
}
