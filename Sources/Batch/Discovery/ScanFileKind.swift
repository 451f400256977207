import Glibc

/// Whether a file is a scan, judged by its name and, where the name does not tell, by its first bytes.
enum ScanFileKind {
    /// Suffixes of TIFF files, and of scanners' files that are TIFF inside.
    static let suffixes: Set<String> = ["tif", "tiff", "btf", "tf2", "tf8", "svs", "ndpi", "scn", "qptiff"]

    /// Little and big-endian, classic TIFF and BigTIFF.
    static let signatures: [[UInt8]] = [
        [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A], [0x49, 0x49, 0x2B, 0x00], [0x4D, 0x4D, 0x00, 0x2B],
    ]

    static func hasSuffix(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        return suffixes.contains(name[name.index(after: dot)...].lowercased())
    }

    /// Whether a regular file starts as a TIFF file does; nil where it cannot be read.
    static func hasSignature(_ file: String) -> Bool? {
        let opened = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        let descriptor = Descriptor(owning: opened)
        var start = [UInt8](repeating: 0, count: 4)
        let count = pread(descriptor.number, &start, start.count, 0)
        guard count >= 0 else { return nil }
        return count == start.count && signatures.contains(start)
    }
}
