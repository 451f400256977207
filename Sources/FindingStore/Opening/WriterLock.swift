import Findings
import Glibc

/// The right to write a database, held from creation to the end of the value's life, at most once on a machine.
///
/// It is an exclusive `flock` on a file beside the database, `<database>.lock`. Beside it, because SQLite locks the
/// database file itself with POSIX locks, which a process loses when it closes any descriptor of that file. `flock`,
/// because the kernel drops it however the holder dies, so that no stale lock ever needs a person. The file itself
/// stays: removing it would let two writers lock two files of the same name.
struct WriterLock: ~Copyable {
    private let descriptor: Int32

    init(database path: String) throws(StoreError) {
        let lockPath = path + ".lock"
        // Closed on exec, or a worker that outlives the batch would keep the lock.
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotCreate, "cannot create \(lockPath.printable): \(systemMessage(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            throw number == EWOULDBLOCK
                ? StoreError(.busy, "another run is writing the database \(path.printable): try later")
                : StoreError(.inputOutput, "cannot lock \(lockPath.printable): \(systemMessage(number))")
        }
    }

    deinit {
        close(descriptor)
    }
}
