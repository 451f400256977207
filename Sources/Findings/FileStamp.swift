import Crypto
import Glibc

/// What the file system says of a file: as long as it stays the same, so do the file's bytes.
///
/// It spares a night from reading again what did not change, and shows that a file changed while it was read. The
/// time of change is in it because, unlike the time of modification, no program can set it back.
///
/// Of a scan of several files: ``init(_:parts:)``.
public struct FileStamp: Sendable, Hashable {
    public let device: UInt64
    public let inode: UInt64
    /// In bytes.
    public let size: Int64
    /// `mtime`, in nanoseconds since 1970; saturated, for a file system may hold any time.
    public let modifiedNanoseconds: Int64
    /// `ctime`, in nanoseconds since 1970; saturated.
    public let changedNanoseconds: Int64

    public init(
        device: UInt64, inode: UInt64, size: Int64, modifiedNanoseconds: Int64, changedNanoseconds: Int64
    ) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.changedNanoseconds = changedNanoseconds
    }

    /// The stamp in what `fstat`, `lstat` or `stat` answered.
    public init(_ status: stat) {
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modifiedNanoseconds: saturatedNanoseconds(status.st_mtim),
            changedNanoseconds: saturatedNanoseconds(status.st_ctim))
    }

    /// The stamp of a scan of several files: the first file's numbers, the size of all, the last of their changes, and, for the time
    /// of modification, a number below any time that differs as soon as one part is another, has gone or has come.
    ///
    /// - Parameter parts: by the bytes of their names.
    public init(_ main: FileStamp, parts: [(name: String, stamp: FileStamp)]) {
        var hasher = SHA256()
        for (name, stamp) in [("", main)] + parts {
            hasher.update(data: Array(name.utf8) + [0])
            let numbers = [
                stamp.device, stamp.inode, UInt64(bitPattern: stamp.size),
                UInt64(bitPattern: stamp.modifiedNanoseconds), UInt64(bitPattern: stamp.changedNanoseconds),
            ]
            for number in numbers { withUnsafeBytes(of: number.littleEndian) { hasher.update(bufferPointer: $0) } }
        }
        let digest = hasher.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(
            device: main.device, inode: main.inode,
            size: parts.reduce(main.size) { $0.addingReportingOverflow($1.stamp.size).partialValue },
            modifiedNanoseconds: Int64(bitPattern: digest | 1 << 63),
            changedNanoseconds: parts.reduce(main.changedNanoseconds) { max($0, $1.stamp.changedNanoseconds) })
    }
}

private func saturatedNanoseconds(_ time: timespec) -> Int64 {
    let limit: Int64 = time.tv_sec < 0 ? .min : .max
    let (whole, overflowed) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflowed else { return limit }
    let (sum, tooFar) = whole.addingReportingOverflow(Int64(time.tv_nsec))
    return tooFar ? limit : sum
}
