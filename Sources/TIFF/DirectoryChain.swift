import CTIFF

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

    /// The first value of a tag of integers, for what libtiff leaves out or reads only as a whole.
    func firstInteger(of tag: Int32, inDirectoryAt offset: UInt64, of source: FileSource) -> UInt64? {
        guard let entry = entries(at: offset, of: source).first(where: { $0.tag == tag }), entry.count > 0,
            [1, 2, 4, 8].contains(entry.valueSize)
        else { return nil }
        return integer(0, of: entry, in: source)
    }

    private func integer(_ index: Int, of entry: Entry, in source: FileSource) -> UInt64? {
        let start = index * entry.valueSize
        guard let place = entry.place else {
            return integer(entry.inlineBytes.dropFirst(start).prefix(entry.valueSize))
        }
        let (position, overflow) = place.addingReportingOverflow(start)
        guard !overflow else { return nil }
        let bytes = source.read(at: position, count: entry.valueSize)
        return bytes.count == entry.valueSize ? integer(bytes[...]) : nil
    }

    /// What a table of tiles or strips holds first that is not 0.
    enum FirstPiece {
        /// Its offset, and the bytes of the table that had to be read.
        case offset(UInt64, bytesRead: Int)
        /// All are 0.
        case none(bytesRead: Int)
        /// The directory has no such table.
        case unknown
    }

    private static let tableBlock = 1 << 16

    /// How many tiles or strips the directory's tables name; nil where it has none.
    func pieceCount(isTiled: Bool, inDirectoryAt offset: UInt64, of source: FileSource) -> UInt64? {
        let entries = entries(at: offset, of: source)
        let tables =
            isTiled ? [TIFFTAG_TILEOFFSETS, TIFFTAG_TILEBYTECOUNTS] : [TIFFTAG_STRIPOFFSETS, TIFFTAG_STRIPBYTECOUNTS]
        return tables.compactMap { tag in entries.first { $0.tag == tag && $0.count > 0 }?.count }.min()
    }

    /// The first tile or strip that the file holds: that has a size, or an offset where sizes are not told.
    func firstPiece(isTiled: Bool, inDirectoryAt offset: UInt64, of source: FileSource) -> FirstPiece {
        let entries = entries(at: offset, of: source)
        func table(_ tag: Int32) -> Entry? {
            entries.first { $0.tag == tag && $0.count > 0 && [2, 4, 8].contains($0.valueSize) }
        }
        guard let offsets = table(isTiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS) else { return .unknown }
        let sizes = table(isTiled ? TIFFTAG_TILEBYTECOUNTS : TIFFTAG_STRIPBYTECOUNTS) ?? offsets
        let count = Int(clamping: min(sizes.count, offsets.count))
        var bytesRead = 0
        for start in stride(from: 0, to: count, by: Self.tableBlock) {
            let wanted = (min(start + Self.tableBlock, count) - start) * sizes.valueSize
            let block =
                sizes.place.map { source.read(at: $0 + start * sizes.valueSize, count: wanted) }
                ?? Array(sizes.inlineBytes.prefix(wanted))
            bytesRead += block.count
            if let byte = block.firstIndex(where: { $0 != 0 }) {
                guard let place = integer(start + byte / sizes.valueSize, of: offsets, in: source) else {
                    return .unknown
                }
                return .offset(place, bytesRead: bytesRead)
            }
            guard block.count == wanted else { break }
        }
        return .none(bytesRead: bytesRead)
    }

    /// Bytes outside the directory at `offset` that libtiff reads when it loads it. Tables of tiles and strips are read
    /// later.
    func payloadBytes(ofDirectoryAt offset: UInt64, in source: FileSource) -> Int {
        let tables = [TIFFTAG_STRIPOFFSETS, TIFFTAG_STRIPBYTECOUNTS, TIFFTAG_TILEOFFSETS, TIFFTAG_TILEBYTECOUNTS]
        return entries(at: offset, of: source).reduce(0) { sum, entry in
            guard let place = entry.place, !tables.contains(entry.tag) else { return sum }
            let (bytes, overflow) = Int(clamping: entry.count).multipliedReportingOverflow(by: entry.valueSize)
            return sum + min(overflow ? Int.max : bytes, max(0, source.size - place))
        }
    }

    private struct Entry {
        let tag: Int32
        /// Bytes of each value; 0 for a type that does not exist.
        let valueSize: Int
        let count: UInt64
        /// Where the values lie, if not in the entry itself.
        let place: Int?
        let inlineBytes: ArraySlice<UInt8>
    }

    private func entries(at offset: UInt64, of source: FileSource) -> [Entry] {
        guard let position = Int(exactly: offset) else { return [] }
        let (countSize, entrySize, valueStart) = isBigTIFF ? (8, 20, 12) : (2, 12, 8)
        let countBytes = source.read(at: position, count: countSize)
        guard countBytes.count == countSize else { return [] }
        let count = Int(min(integer(countBytes[...]), Self.maximumEntries))
        let bytes = source.read(at: position + countSize, count: count * entrySize)
        return stride(from: 0, to: bytes.count - entrySize + 1, by: entrySize).map { start in
            let type = Int(integer(bytes[start + 2..<start + 4]))
            let valueSize = Self.valueSizes.indices.contains(type) ? Self.valueSizes[type] : 0
            let count = integer(bytes[start + 4..<start + valueStart])
            let values = bytes[start + valueStart..<start + entrySize]
            let isInline = valueSize == 0 || count <= UInt64(values.count / valueSize)
            return Entry(
                tag: Int32(integer(bytes[start..<start + 2])), valueSize: valueSize, count: count,
                place: isInline ? nil : Int(clamping: integer(values)), inlineBytes: values)
        }
    }

    /// Bytes of the values of TIFF's types, by the number of the type.
    private static let valueSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

    private func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 { Self.integer(bytes, bigEndian: isBigEndian) }

    private static func integer(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> UInt64 {
        let ordered = bigEndian ? Array(bytes) : bytes.reversed()
        return ordered.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
