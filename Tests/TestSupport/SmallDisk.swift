import Foundation

/// A disk in memory that is soon full, mounted on a folder. It takes root.
public enum SmallDisk {
    /// - Parameter options: of tmpfs, such as `size=1m`; with `remount` for one that is mounted.
    /// - Returns: whether it is mounted.
    public static func mount(_ folder: String, _ options: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/mount")
        process.arguments = ["-t", "tmpfs", "-o", options, "none", folder]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    public static let canBeMounted: Bool = {
        guard let folder = try? TemporaryFolder(), mount(folder.path, "size=1m") else { return false }
        return umount2(folder.path, 0) == 0
    }()
}
