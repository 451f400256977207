import CLinux
import Findings
import Glibc
import SystemPackage

/// The right to use files, given away to Landlock. Each version of it knows more to take away.
enum FileAccessRules {
    /// Access to files, by the version that brought it (linux/landlock.h).
    private enum Access {
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

    static var areAvailable: Bool { clinux_landlock_version() > 0 }

    /// - Returns: whether the kernel keeps to them.
    static func apply(reading folder: String?) -> Bool {
        guard clinux_forgo_new_privileges() == 0, var rules = ruleset(version: clinux_landlock_version()) else {
            return false
        }
        let created = clinux_landlock_create(&rules.ruleset, rules.size)
        guard created >= 0 else { return false }
        let ruleset = OpenFile(owning: FileDescriptor(rawValue: created))
        // What the set names is denied everywhere else.
        let place = ScanPath(folder ?? "")
        var entries = folder.flatMap { _ in try? OpenFolder(ScanPath(""), in: place).entries() } ?? FolderEntries()
        while let entry = entries.popLast() {
            let file = place.appending(entry.name)
            guard isFile(file) else { continue }
            _ = file.withCString { clinux_landlock_allow(ruleset.number, Access.readFile, $0) }
        }
        return clinux_landlock_restrict_self(ruleset.number) == 0
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
            Access.execute | Access.writeFile | Access.readFile | Access.readFolder | Access.changeFolder
        if version >= 2 { ruleset.file_access |= Access.refer }
        if version >= 3 { ruleset.file_access |= Access.truncate }
        if version >= 4 {
            ruleset.network_access = 0b11  // binding and connecting TCP sockets
            size += MemoryLayout<UInt64>.size
        }
        if version >= 5 { ruleset.file_access |= Access.controlDevice }
        if version >= 6 {
            ruleset.scopes = 0b11  // abstract Unix sockets and signals
            size += MemoryLayout<UInt64>.size
        }
        return (ruleset, size)
    }
}
