import CLinux
import Glibc
import SystemPackage

/// A file in the making, for its owner only: it gets its name when it is whole, and a program that is killed before
/// leaves nothing of it, where the file system knows files without a name.
struct NewFile: ~Copyable {
    let descriptor: FileDescriptor
    private let path: String
    private let partial: String
    private var isNamed: Bool

    /// - Parameter path: where it will be, in place of what is there.
    init(at path: String) throws(ExportError) {
        let partial = "\(path).\(getpid()).partial"
        NewFile.removeLeftovers(of: path)
        let folder = FilePath(path).removingLastComponent()
        let unnamed = open(
            folder.isEmpty ? "." : folder.string, O_RDWR | O_DIRECTORY | clinux_open_unnamed | O_CLOEXEC, 0o600)
        let opened =
            unnamed >= 0 ? unnamed : open(partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw ExportError(.cannotCreate, "\(path): \(Errno(rawValue: errno))") }
        descriptor = FileDescriptor(rawValue: opened)
        isNamed = unnamed < 0
        self.path = path
        self.partial = partial
    }

    deinit {
        try? descriptor.close()
        if isNamed { unlink(partial) }
    }

    /// Another way to it while it has no name, for whoever opens files by their paths.
    var openPath: String { "/proc/self/fd/\(descriptor.rawValue)" }

    /// Gives it its name, once all of it is on the disk.
    mutating func publish() throws(ExportError) {
        guard fsync(descriptor.rawValue) == 0 else { throw failure() }
        if !isNamed {
            // A link replaces nothing, so it needs a name of its own first, which one that was killed may have left.
            unlink(partial)
            guard linkat(AT_FDCWD, openPath, AT_FDCWD, partial, AT_SYMLINK_FOLLOW) == 0 else { throw failure() }
            isNamed = true
        }
        guard rename(partial, path) == 0 else { throw failure() }
        isNamed = false
    }

    private func failure() -> ExportError {
        ExportError(.inputOutput, "\(path): \(Errno(rawValue: errno))")
    }

    /// Those of programs that were killed.
    private static func removeLeftovers(of path: String) {
        let path = FilePath(path)
        guard let name = path.lastComponent?.string else { return }
        let folder = path.removingLastComponent()
        guard let entries = opendir(folder.isEmpty ? "." : folder.string) else { return }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let found = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard found.hasPrefix(name + "."), found.hasSuffix(".partial"),
                let process = pid_t(found.dropFirst(name.utf8.count + 1).dropLast(".partial".count)),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            unlink(folder.appending(found).string)
        }
    }
}
