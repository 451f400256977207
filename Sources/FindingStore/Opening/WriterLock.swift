import Glibc
import Listings
import SystemPackage

/// The right to write a database, held from creation to the end of the value's life, at most once on a machine.
///
/// It is an exclusive `flock` on a file beside the database, `<database>.lock`. Beside it, because SQLite locks the
/// database file itself with POSIX locks, which a process loses when it closes any descriptor of that file. `flock`,
/// because the kernel drops it however the holder dies, so that no stale lock ever needs a person. The file itself
/// stays: removing it would let two writers lock two files of the same name.
///
/// A holder that has but one record to write says so in the file, and is waited for; any other ends an attempt at once.
struct WriterLock: ~Copyable {
    private let file: FileDescriptor

    private static let briefMark = Array("brief".utf8)
    /// How long a brief holder is waited for.
    private static let patience: Duration = .seconds(2)

    static func path(of database: String) -> String { database + ".lock" }

    /// - Parameter briefly: whether the lock is for one record.
    init(database path: String, briefly: Bool) throws(StoreError) {
        let lockPath = WriterLock.path(of: path)
        // Closed on exec, or a worker that outlives the batch would keep the lock.
        let file: FileDescriptor
        do {
            file = try .open(
                FilePath(lockPath), .readWrite, options: [.create, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite)
        } catch {
            throw StoreError(.cannotCreate, "cannot create \(lockPath.printable): \(error)")
        }
        let clock = ContinuousClock()
        let deadline = clock.now + WriterLock.patience
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let code = Errno(rawValue: errno)
            guard code == .wouldBlock || code == .interrupted else {
                try? file.close()
                throw StoreError(.inputOutput, "cannot lock \(lockPath.printable): \(code)")
            }
            guard WriterLock.isHeldBriefly(file), clock.now < deadline else {
                try? file.close()
                throw StoreError(.busy, "another run is writing the database \(path.printable): try later")
            }
            usleep(10_000)
        }
        // A mark that cannot be written, or removed, costs the next writer its patience, or the run that waits for it.
        try? file.resize(to: 0)
        if briefly { _ = try? file.writeAll(toAbsoluteOffset: 0, WriterLock.briefMark) }
        self.file = file
    }

    private static func isHeldBriefly(_ file: FileDescriptor) -> Bool {
        var mark = [UInt8](repeating: 0, count: briefMark.count)
        let count = try? mark.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        return count == mark.count && mark == briefMark
    }

    deinit {
        try? file.close()
    }
}
