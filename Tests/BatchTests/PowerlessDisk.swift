import Foundation
import Glibc
import TestSupport

/// A file system of its own, in a file, that can lose its power: what was not synced is gone. Takes root.
final class PowerlessDisk {
    enum Kind: String, CaseIterable {
        case ext4, xfs

        /// Neither is smaller, in bytes; the file has holes where nothing was written.
        fileprivate var size: Int { self == .ext4 ? 64 << 20 : 320 << 20 }

        /// Whether such a disk can be made, mounted and shut down here.
        var isAvailable: Bool {
            guard geteuid() == 0, let folder = try? TemporaryFolder(),
                (try? FileManager.default.createDirectory(atPath: folder["disk"], withIntermediateDirectories: false))
                    != nil, let disk = try? PowerlessDisk(self, image: folder["image"], folder: folder["disk"])
            else { return false }
            return (try? disk.losePower()) != nil
        }
    }

    struct Unavailable: Error {
        let what: String
    }

    private let image: String
    private let folder: String

    /// - Parameters:
    ///   - image: the file that is to hold it; made here.
    ///   - folder: where it is mounted; it must be there.
    init(_ kind: Kind, image: String, folder: String) throws {
        self.image = image
        self.folder = folder
        try Data().write(to: URL(fileURLWithPath: image))
        guard truncate(image, kind.size) == 0 else { throw Unavailable(what: "truncate") }
        try Self.run("mkfs.\(kind.rawValue)", "-q", image)
        try mount()
    }

    deinit { unmount() }

    func mount() throws {
        try Self.run("mount", "-o", "loop", image, folder)
    }

    /// Drops whatever is not on the disk, the file system's own journal in memory too, and lets every later write fail.
    func losePower() throws {
        // EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number, _IOR('X', 125, __u32); 2 is "without flushing the log".
        let shutDown: UInt = 0x8004_587D
        var withoutFlushing: UInt32 = 2
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unavailable(what: "open") }
        defer { close(descriptor) }
        guard ioctl(descriptor, shutDown, &withoutFlushing) == 0 else { throw Unavailable(what: "shutdown") }
    }

    /// Nothing on it may be open any more.
    func unmount() {
        for _ in 0..<100 where umount2(folder, 0) != 0 && errno == EBUSY { usleep(20_000) }
    }

    private static func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Unavailable(what: program) }
    }
}
