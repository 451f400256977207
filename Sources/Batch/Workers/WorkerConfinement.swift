import CLinux
import Glibc

/// What a worker takes from itself that no limit covers: the right to change any file, to start a program, to open a
/// connection and to signal other processes, so that a scan that takes its worker over can do little with it.
///
/// Landlock (Linux 5.13 and newer; each version of it knows more to take away). Where the kernel has none, a worker
/// does without.
enum WorkerConfinement {
    /// Access to files, by the version that brought it (linux/landlock.h).
    private enum FileAccess {
        static let execute: UInt64 = 1 << 0
        static let writeFile: UInt64 = 1 << 1
        /// Removing and making whatever lies in a folder: bits 4 to 12.
        static let changeFolder: UInt64 = 0x1FF << 4
        static let refer: UInt64 = 1 << 13
        static let truncate: UInt64 = 1 << 14
        static let controlDevice: UInt64 = 1 << 15
    }

    static var isAvailable: Bool { clinux_landlock_version() > 0 }

    /// Call it before any thread starts: the others would keep their rights.
    static func apply() {
        guard clinux_forgo_new_privileges() == 0, var rules = ruleset(version: clinux_landlock_version()) else {
            return
        }
        let created = clinux_landlock_create(&rules.ruleset, rules.size)
        guard created >= 0 else { return }
        let descriptor = Descriptor(owning: created)
        // No rule is added: what the set names is denied everywhere.
        _ = clinux_landlock_restrict_self(descriptor.number)
    }

    /// Everything that a version can take away but reading, and how much of the structure it knows, in bytes.
    private static func ruleset(version: Int32) -> (ruleset: clinux_landlock_ruleset, size: Int)? {
        guard version > 0 else { return nil }
        var ruleset = clinux_landlock_ruleset()
        var size = MemoryLayout<UInt64>.size
        ruleset.file_access = FileAccess.execute | FileAccess.writeFile | FileAccess.changeFolder
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
