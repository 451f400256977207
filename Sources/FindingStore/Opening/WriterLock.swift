import Glibc
import Listings

/// The right to write a database, held from creation to the end of the value's life, at most once on a machine.
///
/// It is an exclusive `flock` on a file beside the database, `<database>.lock`. Beside it, because SQLite locks the
/// database file itself with POSIX locks, which a process loses when it closes any descriptor of that file. `flock`,
/// because the kernel drops it however the holder dies, so that no stale lock ever needs a person. The file itself
/// stays: removing it would let two writers lock two files of the same name.
///
/// A holder that has but one record to write says so in the file, and is waited for; any other ends an attempt at once.
struct WriterLock: ~Copyable {
    private let descriptor: Int32

    private static let briefMark = Array("brief".utf8)
    /// How long a brief holder is waited for.
    private static let patience: Duration = .seconds(2)

    /// - Parameter briefly: whether the lock is for one record.
    init(database path: String, briefly: Bool) throws(StoreError) {
        let lockPath = path + ".lock"
        // Closed on exec, or a worker that outlives the batch would keep the lock.
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotCreate, "cannot create \(lockPath.printable): \(systemMessage(errno))")
        }
        let clock = ContinuousClock()
        let deadline = clock.now + WriterLock.patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            guard number == EWOULDBLOCK else {
                close(descriptor)
                throw StoreError(.inputOutput, "cannot lock \(lockPath.printable): \(systemMessage(number))")
            }
            guard WriterLock.isHeldBriefly(descriptor), clock.now < deadline else {
                close(descriptor)
                throw StoreError(.busy, "another run is writing the database \(path.printable): try later")
            }
            usleep(10_000)
        }
        // A mark that cannot be written, or removed, costs the next writer its patience, or the run that waits for it.
        _ = ftruncate(descriptor, 0)
        if briefly { _ = pwrite(descriptor, WriterLock.briefMark, WriterLock.briefMark.count, 0) }
    }

    private static func isHeldBriefly(_ descriptor: Int32) -> Bool {
        var mark = [UInt8](repeating: 0, count: briefMark.count)
        return pread(descriptor, &mark, mark.count, 0) == mark.count && mark == briefMark
    }

    deinit {
        close(descriptor)
    }
}
