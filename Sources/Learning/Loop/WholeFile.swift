import Foundation
import Glibc
import SystemPackage

/// A file that is there whole or not at all: written beside, synchronised, then put in its place, for its owner only.
enum WholeFile {
    /// - Throws: `Errno`; the file is then as it was.
    static func write(_ bytes: Data, to path: String) throws {
        let partial = path + ".partial"
        do {
            let file = try FileDescriptor.open(
                FilePath(partial), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite])
            try file.closeAfter {
                try file.writeAll(bytes)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard rename(partial, path) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            // A full disk needs the room.
            unlink(partial)
            throw error
        }
    }
}
