/// Where the top-level directories lie: the chain of offsets, followed here and not by libtiff, which stops at the
/// first directory that it cannot read and looks at every offset so far for each new one.
struct DirectoryChain {
    /// As many as libtiff takes.
    private static let maximumEntries: UInt64 = 4096

    let isBigTIFF: Bool
    let isBigEndian: Bool
    /// In chain order; each once, though a chain may return to one.
    private(set) var offsets: [UInt64] = []
    /// Why the chain ended before its end.
    private(set) var interruption: TIFFError?

    init(source: FileSource, limits: TIFFLimits) throws(TIFFError) {
        let header = source.read(at: 0, count: 16)
        guard header.count >= 8, let first = header.first, first == header[1], first == 0x49 || first == 0x4D else {
            throw TIFFError(.malformed, "not a TIFF file")
        }
        isBigEndian = first == 0x4D
        let version = Self.integer(header[2..<4], bigEndian: isBigEndian)
        guard version == 42 || version == 43 else { throw TIFFError(.malformed, "not a TIFF file") }
        isBigTIFF = version == 43
        guard !isBigTIFF || header.count == 16 else { throw TIFFError(.malformed, "the header is cut short") }
        let start = isBigTIFF ? header[8..<16] : header[4..<8]
        follow(from: Self.integer(start, bigEndian: isBigEndian), in: source, limit: limits.maximumDirectories)
        if offsets.isEmpty {
            throw interruption ?? TIFFError(.malformed, "the file has no directory")
        }
    }

    private mutating func follow(from start: UInt64, in source: FileSource, limit: Int) {
        var seen: Set<UInt64> = []
        var next = start
        while next != 0, seen.insert(next).inserted {
            guard offsets.count < limit else {
                interruption = TIFFError(.limit, "more than \(limit) directories")
                return
            }
            guard next < UInt64(source.size) else {
                interruption = TIFFError(.malformed, "the directory lies outside the file")
                return
            }
            offsets.append(next)
            next = offset(following: next, in: source) ?? 0
        }
    }

    /// The offset of the directory after the one at `offset`: 0 or nil where it is the last.
    func offset(following offset: UInt64, in source: FileSource) -> UInt64? {
        guard let position = Int(exactly: offset) else { return nil }
        let (countSize, entrySize, offsetSize) = isBigTIFF ? (8, 20, 8) : (2, 12, 4)
        let countBytes = source.read(at: position, count: countSize)
        guard countBytes.count == countSize else { return nil }
        let count = Self.integer(countBytes[...], bigEndian: isBigEndian)
        guard count <= UInt64(source.size / entrySize) else { return nil }
        let nextBytes = source.read(at: position + countSize + Int(count) * entrySize, count: offsetSize)
        guard nextBytes.count == offsetSize else { return nil }
        return Self.integer(nextBytes[...], bigEndian: isBigEndian)
    }

    /// The value of a tag of one 16-bit integer, for tags that libtiff leaves out.
    func shortValue(of tag: UInt16, inDirectoryAt offset: UInt64, of source: FileSource) -> UInt16? {
        guard let position = Int(exactly: offset) else { return nil }
        let (countSize, entrySize, valueOffset) = isBigTIFF ? (8, 20, 12) : (2, 12, 8)
        let countBytes = source.read(at: position, count: countSize)
        guard countBytes.count == countSize else { return nil }
        let count = min(Self.integer(countBytes[...], bigEndian: isBigEndian), Self.maximumEntries)
        let entries = source.read(at: position + countSize, count: Int(count) * entrySize)
        for start in stride(from: 0, to: entries.count - entrySize + 1, by: entrySize) {
            let entry = entries[start..<start + entrySize]
            func integer(_ bytes: Range<Int>) -> UInt64 {
                Self.integer(entry[start + bytes.lowerBound..<start + bytes.upperBound], bigEndian: isBigEndian)
            }
            guard integer(0..<2) == UInt64(tag) else { continue }
            let (type, values) = (integer(2..<4), integer(4..<valueOffset))
            let shortType = 3
            return type == shortType && values == 1 ? UInt16(integer(valueOffset..<valueOffset + 2)) : nil
        }
        return nil
    }

    private static func integer(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> UInt64 {
        let ordered = bigEndian ? Array(bytes) : bytes.reversed()
        return ordered.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
