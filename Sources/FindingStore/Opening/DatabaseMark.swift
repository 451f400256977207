import Findings
import Glibc

/// What the file system says of a database that SQLite's own locks guard, taken before it is opened: as long as that stays, a
/// connection sees what a new one would.
///
/// A run that writes shows in the log. Another database in the place of this one does not, nor a log that was replaced.
struct DatabaseMark: Hashable {
    private let file: FileStamp
    /// Of the log and of its index, which a writer keeps: where they are, and not when they were written.
    private let inodes: [UInt64]

    /// Nil where one of the three files is missing.
    init?(_ database: DatabaseFile) {
        func status(_ suffix: String) -> stat? {
            var status = stat()
            return stat(database.path + suffix, &status) == 0 ? status : nil
        }
        guard let file = status(""), let log = status("-wal"), let index = status("-shm") else { return nil }
        self.file = FileStamp(file)
        inodes = [log, index].map { UInt64($0.st_ino) }
    }
}
