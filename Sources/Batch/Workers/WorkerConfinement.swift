/// What a worker takes from itself that no limit covers, so that a scan that takes its worker over can do little with it.
/// Scans come as open files.
package struct WorkerConfinement: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Reads no file but its pipeline's, changes none, starts no program, opens no TCP connection and signals no other
    /// process, as far as the kernel's version of Landlock knows of each (Linux 5.13 and newer).
    static let files = WorkerConfinement(rawValue: 1 << 0)
    /// Calls nothing of the system but what an analysis needs: no new processes, no sockets of any kind, no change of modes
    /// and times, no shared memory (seccomp).
    static let systemCalls = WorkerConfinement(rawValue: 1 << 1)

    package static let complete: WorkerConfinement = [.files, .systemCalls]

    /// Call it before any thread starts: the others would keep their rights.
    ///
    /// - Parameter folder: whose files stay readable, if any do; those that are links, which models may be, at the links'
    ///   ends.
    /// - Returns: what the kernel granted.
    package static func apply(reading folder: String?) -> WorkerConfinement {
        var confinement: WorkerConfinement = []
        if FileAccessRules.apply(reading: folder) { confinement.insert(.files) }
        if SystemCallFilter.apply() { confinement.insert(.systemCalls) }
        return confinement
    }

    /// What is missing, for a person; nil where nothing is.
    var shortcoming: String? {
        let missing = WorkerConfinement.complete.subtracting(self)
        if missing.isEmpty { return nil }
        let parts = [
            missing.contains(.files) ? "files (Landlock)" : nil,
            missing.contains(.systemCalls) ? "system calls (seccomp)" : nil,
        ]
        return "the kernel does not confine workers in their use of "
            + parts.compactMap(\.self).joined(separator: " and of ") + ": a hostile scan may do more than fail"
    }
}
