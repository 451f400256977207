import Crypto
import Findings
import Glibc

/// Names a place in logs and summaries, where names must not be: the first digits of a hash of what the file system
/// knows it by. `run --dry-run` lists the same digits beside the paths.
enum PlaceMark {
    /// - Parameters:
    ///   - device: of the file or, where it cannot be looked at, of its folder; with it the inode. Who does not have them
    ///     cannot try names.
    ///   - name: in its folder.
    static func digits(device: UInt64, inode: UInt64, name: String) -> String {
        var hasher = SHA256()
        for number in [device, inode] { withUnsafeBytes(of: number.littleEndian) { hasher.update(bufferPointer: $0) } }
        hasher.update(data: Array(name.utf8))
        return ContentHash(digest: hasher.finalize()).prefix
    }

    static func digits(_ status: stat?, name: String) -> String {
        digits(device: UInt64(status?.st_dev ?? 0), inode: UInt64(status?.st_ino ?? 0), name: name)
    }
}
