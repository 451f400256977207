import CLinux
import Findings
import Glibc

/// What a worker takes from itself that no limit covers: the right to read any file but its pipeline's, to change any,
/// to start a program, to open a connection and to signal other processes, so that a scan that takes its worker over
/// can do little with it. Scans come as open files.
///
/// Landlock (Linux 5.13 and newer; each version of it knows more to take away). Where the kernel has none, a worker
/// does without.
enum WorkerConfinement {
    /// Access to files, by the version that brought it (linux/landlock.h).
    private enum FileAccess {
        static let execute: UInt64 = 1 << 0
        static let writeFile: UInt64 = 1 << 1
        static let readFile: UInt64 = 1 << 2
        static let readFolder: UInt64 = 1 << 3
        /// Removing and making whatever lies in a folder: bits 4 to 12.
        static let changeFolder: UInt64 = 0x1FF << 4
        static let refer: UInt64 = 1 << 13
        static let truncate: UInt64 = 1 << 14
        static let controlDevice: UInt64 = 1 << 15
    }

    static var isAvailable: Bool { clinux_landlock_version() > 0 }

    /// Call it before any thread starts: the others would keep their rights.
    ///
    /// - Parameter folder: whose files stay readable; those that are links, which models may be, at the links' ends.
    static func apply(reading folder: String) {
        guard clinux_forgo_new_privileges() == 0, var rules = ruleset(version: clinux_landlock_version()) else {
            return
        }
        let created = clinux_landlock_create(&rules.ruleset, rules.size)
        guard created >= 0 else { return }
        let descriptor = Descriptor(owning: created)
        // What the set names is denied everywhere else.
        let place = ScanPath(folder)
        for entry in (try? OpenFolder(ScanPath(""), in: place).entries()) ?? [] {
            let file = place.appending(entry.name)
            guard isFile(file) else { continue }
            _ = file.withCString { clinux_landlock_allow(descriptor.number, FileAccess.readFile, $0) }
        }
        _ = clinux_landlock_restrict_self(descriptor.number)
    }

    private static func isFile(_ path: ScanPath) -> Bool {
        var status = stat()
        return path.withCString { stat($0, &status) } == 0 && status.isRegular
    }

    /// Everything that a version can take away, and how much of the structure it knows, in bytes.
    private static func ruleset(version: Int32) -> (ruleset: clinux_landlock_ruleset, size: Int)? {
        guard version > 0 else { return nil }
        var ruleset = clinux_landlock_ruleset()
        var size = MemoryLayout<UInt64>.size
        ruleset.file_access =
            FileAccess.execute | FileAccess.writeFile | FileAccess.readFile | FileAccess.readFolder
            | FileAccess.changeFolder
        if version >= 2 { ruleset.file_access |= FileAccess.refer }
        if version >= 3 { ruleset.file_access |= FileAccess.truncate }
        if version >= 4 {
            ruleset.network_access = 0b11  // binding and connecting TCP sockets
            size += MemoryLayout<UInt64>.size
        }
        if version >= 5 { ruleset.file_access |= FileAccess.controlDevice }
        if version >= 6 {
            ruleset.scopes = 0b11  // abstract Unix sockets and signals
            size += MemoryLayout<UInt64>.size
        }
        return (ruleset, size)
    }
}
