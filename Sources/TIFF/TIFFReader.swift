import CTIFF

/// Reads the images of one TIFF file, window by window.
///
/// Only the tiles or strips that a window touches are decoded; a few are kept for the next window. A reader is for one
/// task at a time: open one for each.
public final class TIFFReader {
    public let limits: TIFFLimits
    public let isBigTIFF: Bool
    public let isBigEndian: Bool
    /// Bytes of the file.
    public let fileSize: Int
    /// Every top-level directory in chain order, the unreadable ones with the reason. A directory that the chain
    /// returns to is not listed again.
    public let directories: [Result<TIFFDirectory, TIFFError>]

    private let source: FileSource
    private var handle: TIFFHandle
    private var decoder: ChunkDecoder?
    private var cache: ChunkCache
    /// Stored bytes of the directories in `accounted`.
    private var storedBytes = 0
    private var accounted: Set<UInt64> = []
    private var pool = ChunkPool(chunkBytes: 0)
    /// Converters hold tables that are worth keeping from window to window.
    var lastConverter: (offset: UInt64, rendering: TIFFRendering, converter: RGBConverter)?

    /// - Throws: `TIFFError`, if the file cannot be opened or is not a TIFF file. A directory that cannot be read does
    ///   not throw here.
    public convenience init(path: String, limits: TIFFLimits = .default) throws(TIFFError) {
        try self.init(source: FileSource(path: path), limits: limits)
    }

    /// Reads from an open descriptor, which is duplicated and whose position is neither used nor changed, so that the
    /// file hashed is the file decoded.
    public convenience init(fileDescriptor: Int32, limits: TIFFLimits = .default) throws(TIFFError) {
        try self.init(source: FileSource(duplicating: fileDescriptor), limits: limits)
    }

    private init(source: FileSource, limits: TIFFLimits) throws(TIFFError) {
        self.source = source
        self.limits = limits
        fileSize = source.size
        let chain = try DirectoryChain(source: source, limits: limits)
        (isBigTIFF, isBigEndian) = (chain.isBigTIFF, chain.isBigEndian)
        var handle = try TIFFHandle(source: source, limits: limits)
        var listing = DirectoryListing(chain: chain, source: source, limits: limits)
        directories = listing.directories(in: &handle)
        self.handle = handle
        cache = ChunkCache(capacity: limits.maximumCacheBytes)
    }

    /// Tags that are documents of their own.
    public enum Document: Int32, Sendable {
        case xmp = 700
        case iccProfile = 34675
        case imageJMetadata = 50839
    }

    /// Tables of 32-bit words that only their writers know.
    public enum Table: Int32, Sendable {
        case imageJMetadataSizes = 50838
    }

    /// A document that a directory holds; nil where it does not.
    public func bytes(of document: Document, in directory: TIFFDirectory) throws(TIFFError) -> [UInt8]? {
        try handle.load(directoryAt: directory.offset)
        return handle.bytes(document.rawValue)
    }

    /// The words of a table; nil where the directory has none, or one of another type.
    public func words(of table: Table, in directory: TIFFDirectory) throws(TIFFError) -> [Int]? {
        try handle.load(directoryAt: directory.offset)
        return handle.words(table.rawValue)
    }

    /// The decoder of a directory, which the handle then has loaded.
    func prepare(_ directory: TIFFDirectory) throws(TIFFError) -> ChunkGrid {
        let changed = try handle.load(directoryAt: directory.offset)
        if let decoder, !changed, decoder.directory.offset == directory.offset { return decoder.grid }
        decoder = nil
        let new = try ChunkDecoder(directory, in: handle, limits: limits, fileSize: fileSize)
        try accountForStoredBytes(of: directory)
        if pool.chunkBytes != new.grid.chunkBytes { pool = ChunkPool(chunkBytes: new.grid.chunkBytes) }
        // Four large tiles may meet in a window.
        let kept = new.isTile ? max(limits.maximumTileCacheBytes, 4 * new.grid.chunkBytes) : .max
        cache.capacity = min(kept, limits.maximumCacheBytes)
        decoder = new
        return new.grid
    }

    /// Whether the file leaves out tiles or strips of an image.
    package func leavesOutPieces(of directory: TIFFDirectory) throws(TIFFError) -> Bool {
        // Whoever decodes next must tell the codec again what to do.
        if try handle.load(directoryAt: directory.offset) { decoder = nil }
        return ChunkDecoder.presentShare(in: handle) < 1
    }

    /// Tiles that overlap in the file would be read once for each.
    private func accountForStoredBytes(of directory: TIFFDirectory) throws(TIFFError) {
        guard !accounted.contains(directory.offset) else { return }
        let budget = limits.decodingBudget(fileSize: fileSize)
        let (sum, overflow) = storedBytes.addingReportingOverflow(
            ChunkDecoder.storedBytes(in: handle, fileSize: fileSize))
        guard !overflow, sum <= budget else {
            throw TIFFError(
                .limit, "its tiles or strips name more than \(budget) bytes of the file's \(fileSize)",
                directory: directory.index)
        }
        storedBytes = sum
        accounted.insert(directory.offset)
    }

    /// One tile, strip or band of the directory last prepared, from the cache or decoded; nil where the file leaves it out.
    ///
    /// - Parameter isUsedUp: whether the next window is not expected to need it: its memory then serves the next chunk
    ///   while the processor still has it at hand.
    func chunk(column: Int, row: Int, plane: Int, isUsedUp: Bool) throws(TIFFError) -> DecodedChunk? {
        guard let directory = decoder?.directory else { preconditionFailure("no directory is prepared") }
        let key = ChunkCache.Key(directory: directory.offset, plane: plane, row: row, column: column)
        if let chunk = cache.chunk(key) { return chunk }
        guard let chunk = try decodeUncached(column: column, row: row, plane: plane) else { return nil }
        if !isUsedUp { cache.insert(chunk, for: key) }
        return chunk
    }

    func decodeUncached(column: Int, row: Int, plane: Int) throws(TIFFError) -> DecodedChunk? {
        guard let directory = decoder?.directory else { preconditionFailure("no directory is prepared") }
        do throws(TIFFError) {
            handle.forgetMessages()
            return try decodeThroughHandle(column: column, row: row, plane: plane)
        } catch { throw error.at(directory: directory.index) }
    }

    private func decodeThroughHandle(column: Int, row: Int, plane: Int) throws(TIFFError) -> DecodedChunk? {
        guard var current = decoder else { preconditionFailure("no directory is prepared") }
        decoder = nil
        defer { decoder = current }
        return try current.decode(column: column, row: row, plane: plane, pool: pool, in: &handle)
    }

    /// The palette of the directory last prepared.
    func colourMap(count: Int) -> [[UInt16]]? { handle.colourMap(count: count) }

    /// Tags of floats of the directory last prepared.
    func floats(_ tag: Int32, count: Int) -> [Float]? { handle.floats(tag, count: count) }
}
