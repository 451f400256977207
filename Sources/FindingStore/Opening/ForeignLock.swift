import FoundationEssentials
import Glibc
import Listings

/// Another process' lock on the database, such as that of somebody's `sqlite3`: it is waited for, within reason, for it
/// must not end a night.
final class ForeignLock: Sendable {
    private let file: DatabaseFile
    private let patience: LockPatience
    private let waiting: @Sendable (String) -> Void

    init(on file: DatabaseFile, patience: LockPatience, waiting: @escaping @Sendable (String) -> Void) {
        self.file = file
        self.patience = patience
        self.waiting = waiting
    }

    /// - Parameter naps: how often this lock was waited for.
    /// - Returns: whether to try again.
    func wait(naps: Int) -> Bool {
        if naps == patience.silentNaps {
            let holder = ForeignLock.holder(of: file.path) ?? "another process"
            waiting("waiting for \(holder), which has locked the database")
        }
        usleep(20_000)
        return naps < patience.naps
    }

    /// Who has locked the file or its log, as the kernel lists it: opening them to ask would lose this process' own locks.
    static func holder(of path: String) -> String? {
        let inodes = Set(
            [path, path + "-shm"].compactMap { path -> String? in
                var status = stat()
                return stat(path, &status) == 0 ? "\(status.st_ino)" : nil
            })
        // `1: POSIX  ADVISORY  WRITE 3568 fd:01:12345 120 120`
        for line in (try? String(contentsOfFile: "/proc/locks", encoding: .utf8))?.split(separator: "\n") ?? [] {
            let fields = line.split(separator: " ")
            guard fields.count >= 6, fields[1] == "POSIX", fields[3] == "WRITE", let process = pid_t(fields[4]),
                process != getpid(), let inode = fields[5].split(separator: ":").last, inodes.contains(String(inode))
            else { continue }
            let name = try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)
            let words = name.map { " (\($0.filter { $0 != "\n" }.printable))" } ?? ""
            return "process \(process)\(words)"
        }
        return nil
    }
}

/// How long a lock is waited for, in naps of 20 ms.
struct LockPatience: Sendable {
    /// Before whoever waits is told.
    let silentNaps: Int
    let naps: Int

    /// Told after a second, and over after a minute.
    static let standard = LockPatience(silentNaps: 50, naps: 3000)
}
