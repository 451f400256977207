import CTIFF

/// Decodes the chunks of one directory through a handle that has it loaded.
struct ChunkDecoder {
    let directory: TIFFDirectory
    let grid: ChunkGrid
    let sampleType: SampleType
    let maximumStoredBytes: Int
    private let unpacking: SampleUnpacking
    /// libtiff refuses to undo horizontal differencing on depths that are not whole machine words.
    private let undoesDifferencing: Bool
    /// Where the sequential decoder of bands stands.
    private var position: (strip: Int, nextRow: Int)?
    /// The place of the chunk decoded last, in the order of the file.
    private var lastOrdinal: Int?
    /// Kept from chunk to chunk, for those that have to be unpacked.
    private var packed: DecodedChunk?

    init(
        _ directory: TIFFDirectory, in handle: borrowing TIFFHandle, limits: TIFFLimits, fileSize: Int
    ) throws(TIFFError) {
        maximumStoredBytes = min(limits.maximumTileBytes, fileSize)
        if let refusal = directory.refusal { throw refusal }
        guard let sampleType = directory.sampleType else { throw TIFFError(.unsupported, "samples of no known type") }
        self.directory = directory
        self.sampleType = sampleType
        grid = try ChunkGrid(directory, limits: limits)
        unpacking = SampleUnpacking(directory, isSwapped: TIFFIsByteSwapped(handle.pointer) != 0)
        undoesDifferencing = Self.configure(handle, for: directory)
    }

    var pieceName: String { isTile ? "tile" : "strip" }

    var isTile: Bool { if case .tile = grid.piece { true } else { false } }

    /// Bytes of all tiles or strips as they are stored; those that lie in the file once may be named by many.
    static func storedBytes(in handle: borrowing TIFFHandle, fileSize: Int) -> Int {
        let isTiled = TIFFIsTiled(handle.pointer) != 0
        let count = isTiled ? TIFFNumberOfTiles(handle.pointer) : TIFFNumberOfStrips(handle.pointer)
        var sum = 0
        for number in 0..<count {
            var failed = Int32(0)
            sum += Int(min(TIFFGetStrileByteCountWithErr(handle.pointer, number, &failed), UInt64(fileSize)))
            if failed != 0 || sum > 1 << 60 { break }
        }
        return sum
    }

    /// The share of the tiles or strips that the file holds.
    static func presentShare(in handle: borrowing TIFFHandle) -> Double {
        let isTiled = TIFFIsTiled(handle.pointer) != 0
        let count = isTiled ? TIFFNumberOfTiles(handle.pointer) : TIFFNumberOfStrips(handle.pointer)
        var present = 0
        for number in 0..<count where TIFFGetStrileByteCount(handle.pointer, number) > 0 { present += 1 }
        return count == 0 ? 1 : Double(present) / Double(count)
    }

    /// Sets what the codecs are to do; answers whether differencing is left to us.
    private static func configure(_ handle: borrowing TIFFHandle, for directory: TIFFDirectory) -> Bool {
        if let scheme = directory.substituteScheme {
            _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_COMPRESSION), scheme)
            // The old codec's tags set the same bit as the new one's tables.
            if directory.compression == .oldJPEG { TIFFUnsetField(handle.pointer, UInt32(TIFFTAG_JPEGTABLES)) }
            let factors = directory.chromaSubsampling
            if directory.photometricInterpretation == .yCbCr {
                _ = ctiff_set_int_pair(
                    handle.pointer, UInt32(TIFFTAG_YCBCRSUBSAMPLING), Int32(factors.horizontal),
                    Int32(factors.vertical))
            }
        }
        configureColours(handle, for: directory)
        switch directory.compression {
        case .sgiLog, .sgiLog24:
            _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_SGILOGDATAFMT), SGILOGDATAFMT_8BIT)
        case _ where directory.isDifferencedUnknownToLibtiff:
            return true
        case .lzw, .deflate, .zstd, .lzma:
            guard ![8, 16, 32, 64].contains(directory.bitsPerSample),
                handle.uint16(TIFFTAG_PREDICTOR) == UInt16(PREDICTOR_HORIZONTAL),
                directory.sampleFormat != .floatingPoint
            else { break }
            _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_PREDICTOR), PREDICTOR_NONE)
            return true
        default: break
        }
        return false
    }

    /// Nil where the file leaves the piece out.
    mutating func decode(
        column: Int, row: Int, plane: Int, pool: ChunkPool, in handle: inout TIFFHandle
    ) throws(TIFFError) -> DecodedChunk? {
        if try isAbsent(storedPiece(column, row, plane), in: handle) { return nil }
        try keepOrder(column: column, row: row, plane: plane, in: &handle)
        let rows = grid.imageRows(ofRow: row)
        let rowSamples = grid.chunkWidth * grid.samplesPerChunkPixel
        let chunk = DecodedChunk(
            byteCount: rows.count * rowSamples * sampleType.byteCount, rows: rows.count, pool: pool)
        if directory.isJPEG2000 || directory.isLosslessJPEG {
            try fillWithoutLibtiff(chunk.buffer, piece: piece(column, row, plane), rows: rows.count, in: handle)
            return chunk
        }
        let packedCount = grid.packedBytes(imageRows: rows.count)
        if unpacking.isIdentity {
            try fill(chunk.buffer, column: column, row: row, plane: plane, rows: rows, in: handle)
        } else {
            let scratch =
                packed.flatMap { $0.buffer.count == packedCount ? $0 : nil }
                ?? DecodedChunk(byteCount: packedCount, rows: rows.count, pool: ChunkPool(chunkBytes: packedCount))
            packed = scratch
            try fill(scratch.buffer, column: column, row: row, plane: plane, rows: rows, in: handle)
            unpacking.unpack(
                UnsafeRawBufferPointer(scratch.buffer), packedRowBytes: grid.packedRowBytes, rows: rows.count,
                width: grid.chunkWidth, samples: grid.samplesPerChunkPixel, into: chunk.buffer)
        }
        if undoesDifferencing {
            unpacking.accumulate(
                chunk.buffer, rows: rows.count, width: grid.chunkWidth, samples: grid.samplesPerChunkPixel)
        }
        return chunk
    }

    /// libtiff's decoder of old-style JPEG gives other pixels once it has gone back, so it starts anew instead.
    private mutating func keepOrder(
        column: Int, row: Int, plane: Int, in handle: inout TIFFHandle
    ) throws(TIFFError) {
        guard directory.compression == .oldJPEG, directory.jpegFrame == nil else { return }
        let ordinal = piece(column, row, plane)
        if ordinal <= lastOrdinal ?? -1 {
            try handle.reload()
            _ = Self.configure(handle, for: directory)
        }
        lastOrdinal = ordinal
    }

    /// The number of a tile or strip, as libtiff counts.
    private func piece(_ column: Int, _ row: Int, _ plane: Int) -> Int {
        (plane * grid.rows + row) * grid.columns + column
    }

    private mutating func fill(
        _ buffer: UnsafeMutableRawBufferPointer, column: Int, row: Int, plane: Int, rows: Range<Int>,
        in handle: borrowing TIFFHandle
    ) throws(TIFFError) {
        // libtiff takes some broken data for good and leaves the rest of the buffer as it was.
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        let index: Int
        let expected: UInt64
        switch grid.piece {
        case .tile:
            index = piece(column, row, plane)
            expected = TIFFTileSize64(handle.pointer)
        case .strip:
            index = piece(column, row, plane)
            expected = TIFFVStripSize64(handle.pointer, UInt32(rows.count))
        case .band(let rowsPerStrip):
            return try fillBand(buffer, plane: plane, rows: rows, rowsPerStrip: rowsPerStrip, in: handle)
        }
        guard expected == UInt64(buffer.count), let number = UInt32(exactly: index) else {
            throw handle.error(.unsupported, "the codec's pieces are of another size than the directory says")
        }
        if directory.compression == .jbig { try checkJBIG(number, rows: rows.count, in: handle) }
        if directory.compression == .none { try checkRoom(of: number, for: buffer.count, in: handle) }
        let count =
            isTile
            ? TIFFReadEncodedTile(handle.pointer, number, buffer.baseAddress, tmsize_t(buffer.count))
            : TIFFReadEncodedStrip(handle.pointer, number, buffer.baseAddress, tmsize_t(buffer.count))
        guard count == buffer.count else {
            throw handle.error(.malformed, "\(pieceName) \(index) cannot be decoded")
        }
        if directory.isDecodedByLibjpeg { try checkJPEG(buffer, number, column: column, row: row, in: handle) }
    }

    /// The tile or strip that a piece is, or is a band of.
    private func storedPiece(_ column: Int, _ row: Int, _ plane: Int) -> Int {
        guard case .band(let rowsPerStrip) = grid.piece else { return piece(column, row, plane) }
        let strips = (grid.imageHeight + rowsPerStrip - 1) / rowsPerStrip
        return plane * strips + grid.imageRows(ofRow: row).lowerBound / rowsPerStrip
    }

    /// A sparse file leaves out the pieces that are empty. The table of pieces may be unreadable, too.
    private func isAbsent(_ piece: Int, in handle: borrowing TIFFHandle) throws(TIFFError) -> Bool {
        guard let number = UInt32(exactly: piece) else { throw TIFFError(.unsupported, "too many tiles or strips") }
        var (countFailed, offsetFailed) = (Int32(0), Int32(0))
        let count = TIFFGetStrileByteCountWithErr(handle.pointer, number, &countFailed)
        let offset = TIFFGetStrileOffsetWithErr(handle.pointer, number, &offsetFailed)
        guard countFailed == 0, offsetFailed == 0 else {
            throw handle.error(.malformed, "the place of tile or strip \(number) cannot be read")
        }
        // Without a codec, or with one that has tables of its own, a size of 0 at some place is a writer's slip.
        let isSlip = offset != 0 && [.none, .oldJPEG].contains(directory.compression)
        return count == 0 && !isSlip
    }

    /// Decodes rows one by one: codecs know no way back, nor one to a later row but through those before it.
    private mutating func fillBand(
        _ buffer: UnsafeMutableRawBufferPointer, plane: Int, rows: Range<Int>, rowsPerStrip: Int,
        in handle: borrowing TIFFHandle
    ) throws(TIFFError) {
        guard TIFFScanlineSize64(handle.pointer) == UInt64(grid.packedRowBytes), let base = buffer.baseAddress,
            let sample = UInt16(exactly: plane)
        else {
            throw handle.error(.unsupported, "the codec's rows are of another size than the directory says")
        }
        let stripInPlane = rows.lowerBound / rowsPerStrip
        let strip = plane * ((grid.imageHeight + rowsPerStrip - 1) / rowsPerStrip) + stripInPlane
        var next = stripInPlane * rowsPerStrip
        if let position, position.strip == strip, position.nextRow <= rows.lowerBound { next = position.nextRow }
        position = nil
        while next < rows.upperBound {
            // Rows before the band are decoded into its first row, and overwritten.
            let target = base + max(0, next - rows.lowerBound) * grid.packedRowBytes
            guard let number = UInt32(exactly: next), TIFFReadScanline(handle.pointer, target, number, sample) == 1
            else { throw handle.error(.malformed, "row \(next) cannot be decoded") }
            next += 1
        }
        position = (strip, next)
        if directory.isDecodedByLibjpeg { try checkJPEGRows(in: handle) }
    }
}
