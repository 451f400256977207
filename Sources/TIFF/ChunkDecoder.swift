import CTIFF

/// Decodes the chunks of one directory through a handle that has it loaded.
struct ChunkDecoder {
    let directory: TIFFDirectory
    let grid: ChunkGrid
    let sampleType: SampleType
    private let pool: ChunkPool
    private let maximumStoredBytes: Int
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
        _ directory: TIFFDirectory, in handle: borrowing TIFFHandle, limits: TIFFLimits, pool: ChunkPool, fileSize: Int
    )
        throws(TIFFError)
    {
        self.pool = pool
        maximumStoredBytes = min(limits.maximumTileBytes, fileSize)
        if let refusal = directory.refusal { throw refusal }
        guard let sampleType = directory.sampleType else { throw TIFFError(.unsupported, "samples of no known type") }
        self.directory = directory
        self.sampleType = sampleType
        grid = try ChunkGrid(directory, limits: limits)
        unpacking = SampleUnpacking(directory, isSwapped: TIFFIsByteSwapped(handle.pointer) != 0)
        undoesDifferencing = Self.configure(handle, for: directory)
    }

    /// Sets what the codecs are to do; answers whether differencing is left to us.
    private static func configure(_ handle: borrowing TIFFHandle, for directory: TIFFDirectory) -> Bool {
        if directory.isDecodedToRGB {
            _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_JPEGCOLORMODE), JPEGCOLORMODE_RGB)
        }
        switch directory.compression {
        case .sgiLog, .sgiLog24:
            _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_SGILOGDATAFMT), SGILOGDATAFMT_8BIT)
        case .lzw, .deflate, .zstd, .lzma:
            guard ![8, 16, 32, 64].contains(directory.bitsPerSample),
                handle.uint16(TIFFTAG_PREDICTOR) == UInt16(PREDICTOR_HORIZONTAL),
                directory.sampleFormat != .floatingPoint
            else { break }
            _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_PREDICTOR), PREDICTOR_NONE)
            return true
        case .none, .packBits:
            return directory.isDifferencedUncompressed
        default: break
        }
        return false
    }

    mutating func decode(
        column: Int, row: Int, plane: Int, in handle: inout TIFFHandle
    ) throws(TIFFError) -> DecodedChunk {
        try keepOrder(column: column, row: row, plane: plane, in: &handle)
        let rows = grid.imageRows(ofRow: row)
        let rowSamples = grid.chunkWidth * grid.samplesPerChunkPixel
        let chunk = DecodedChunk(
            byteCount: rows.count * rowSamples * sampleType.byteCount, rows: rows.count, pool: pool)
        if directory.isJPEG2000 {
            try fillJPEG2000(chunk.buffer, column: column, row: row, plane: plane, rows: rows.count, in: handle)
            return chunk
        }
        let packedCount = grid.packedBytes(imageRows: rows.count)
        if unpacking.isIdentity {
            try fill(chunk.buffer, column: column, row: row, plane: plane, rows: rows, in: handle)
        } else {
            let scratch =
                packed.flatMap { $0.buffer.count == packedCount ? $0 : nil }
                ?? DecodedChunk(byteCount: packedCount, rows: rows.count, pool: ChunkPool(capacity: 0))
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
        guard directory.compression == .oldJPEG else { return }
        let ordinal = (plane * grid.rows + row) * grid.columns + column
        if ordinal <= lastOrdinal ?? -1 {
            try handle.reload()
            _ = Self.configure(handle, for: directory)
        }
        lastOrdinal = ordinal
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
            index = (plane * grid.rows + row) * grid.columns + column
            expected = TIFFTileSize64(handle.pointer)
        case .strip:
            index = plane * grid.rows + row
            expected = TIFFVStripSize64(handle.pointer, UInt32(rows.count))
        case .band(let rowsPerStrip):
            return try fillBand(buffer, plane: plane, rows: rows, rowsPerStrip: rowsPerStrip, in: handle)
        }
        guard expected == UInt64(buffer.count), let number = UInt32(exactly: index) else {
            throw handle.error(.unsupported, "the codec's pieces are of another size than the directory says")
        }
        if try isAbsent(number, in: handle) {
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return
        }
        let isTile = if case .tile = grid.piece { true } else { false }
        let count =
            isTile
            ? TIFFReadEncodedTile(handle.pointer, number, buffer.baseAddress, tmsize_t(buffer.count))
            : TIFFReadEncodedStrip(handle.pointer, number, buffer.baseAddress, tmsize_t(buffer.count))
        guard count == buffer.count else {
            throw handle.error(.malformed, "\(isTile ? "tile" : "strip") \(index) cannot be decoded")
        }
    }

    /// A sparse file leaves out the pieces that are empty. The table of pieces may be unreadable, too.
    private func isAbsent(_ number: UInt32, in handle: borrowing TIFFHandle) throws(TIFFError) -> Bool {
        var (countFailed, offsetFailed) = (Int32(0), Int32(0))
        let count = TIFFGetStrileByteCountWithErr(handle.pointer, number, &countFailed)
        let offset = TIFFGetStrileOffsetWithErr(handle.pointer, number, &offsetFailed)
        guard countFailed == 0, offsetFailed == 0 else {
            throw handle.error(.malformed, "the place of tile or strip \(number) cannot be read")
        }
        return count == 0 && offset == 0
    }

    private func fillJPEG2000(
        _ buffer: UnsafeMutableRawBufferPointer, column: Int, row: Int, plane: Int, rows: Int,
        in handle: borrowing TIFFHandle
    ) throws(TIFFError) {
        let index = (plane * grid.rows + row) * grid.columns + column
        guard let number = UInt32(exactly: index) else { throw TIFFError(.unsupported, "too many tiles or strips") }
        if try isAbsent(number, in: handle) {
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return
        }
        let stored = TIFFGetStrileByteCount(handle.pointer, number)
        guard stored > 0, stored <= UInt64(maximumStoredBytes) else {
            throw TIFFError(.malformed, "tile or strip \(index) has \(stored) bytes")
        }
        let data = DecodedChunk(byteCount: Int(stored), rows: 1, pool: ChunkPool(capacity: 0))
        let isTile = if case .tile = grid.piece { true } else { false }
        let count =
            isTile
            ? TIFFReadRawTile(handle.pointer, number, data.buffer.baseAddress, tmsize_t(stored))
            : TIFFReadRawStrip(handle.pointer, number, data.buffer.baseAddress, tmsize_t(stored))
        guard count == tmsize_t(stored) else { throw handle.error(.malformed, "tile or strip \(index) cannot be read") }
        let image = JPEG2000Decoder(
            width: grid.chunkWidth, height: rows, components: grid.samplesPerChunkPixel, sampleType: sampleType)
        try image.decode(UnsafeRawBufferPointer(data.buffer), into: buffer)
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
        if let number = UInt32(exactly: strip), try isAbsent(number, in: handle) {
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            return
        }
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
    }
}
