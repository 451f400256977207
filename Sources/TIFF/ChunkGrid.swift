/// The pieces in which an image is decoded: its tiles, its strips, or bands of rows of a strip that is too large to be
/// decoded whole.
struct ChunkGrid {
    enum Piece { case tile, strip, band(rowsPerStrip: Int) }

    /// Strips larger than this are decoded in bands, where the codec allows.
    static let bandThreshold = 16 << 20
    static let bandBytes = 4 << 20
    private static let bytesPerPieceOverhead = 1024

    let piece: Piece
    /// Pixels of a piece; those at the right and lower border may reach beyond the image.
    let chunkWidth: Int
    let chunkHeight: Int
    let columns: Int
    let rows: Int
    /// 1, or the samples per pixel where each has a plane of its own.
    let planes: Int
    let samplesPerChunkPixel: Int
    let imageHeight: Int
    /// Bytes of the largest chunk once it is unpacked to samples.
    let chunkBytes: Int
    /// Bytes of a decoded row of a piece before it is unpacked; of subsampled data, of a row of blocks.
    let packedRowBytes: Int
    /// Rows of the image that a packed row holds.
    let rowsPerPackedRow: Int
    /// Bytes of the whole image, decoded but not unpacked.
    let packedImageBytes: Int
    /// The time that the whole image takes to decode, as a number of bytes: a tiny strip takes longer than its bytes.
    let decodingCost: Int

    init(_ directory: TIFFDirectory, limits: TIFFLimits) throws(TIFFError) {
        let (width, height) = (directory.width, directory.height)
        imageHeight = height
        planes = directory.isPlanar ? directory.samplesPerPixel : 1
        samplesPerChunkPixel = directory.isPlanar ? 1 : directory.samplesPerPixel
        var pieceHeight: Int
        switch directory.organisation {
        case .tiles(let tileWidth, let tileHeight): (chunkWidth, pieceHeight) = (tileWidth, tileHeight)
        case .strips(let rowsPerStrip): (chunkWidth, pieceHeight) = (width, rowsPerStrip)
        }
        guard chunkWidth > 0, pieceHeight > 0 else { throw TIFFError(.malformed, "tiles or strips are empty") }
        if directory.isSubsampled {
            let factors = directory.chromaSubsampling
            let blocks = (chunkWidth + factors.horizontal - 1) / factors.horizontal
            packedRowBytes = blocks * (factors.horizontal * factors.vertical + 2)
            rowsPerPackedRow = factors.vertical
        } else {
            packedRowBytes = try Self.product(chunkWidth, samplesPerChunkPixel, directory.bitsPerSample)
                .roundedUpToBytes
            rowsPerPackedRow = 1
        }
        let unpackedRow = try Self.product(
            chunkWidth, samplesPerChunkPixel, directory.sampleType?.byteCount ?? 1)
        let largestRow = max(packedRowBytes, unpackedRow)
        guard largestRow <= limits.maximumTileBytes else {
            throw TIFFError(.limit, "a row of \(largestRow) bytes is more than \(limits.maximumTileBytes)")
        }
        // Both factors are below 2^32 and the limit, so that the products cannot overflow.
        let pieceBytes = try Self.product(largestRow, pieceHeight)
        switch directory.organisation {
        case .tiles:
            piece = .tile
        case .strips(let rowsPerStrip):
            if pieceBytes > Self.bandThreshold, directory.compression.decodesByScanline, !directory.isSubsampled {
                piece = .band(rowsPerStrip: rowsPerStrip)
                pieceHeight = max(1, Self.bandBytes / largestRow)
            } else {
                piece = .strip
            }
        }
        chunkHeight = pieceHeight
        let isTiled = if case .tile = piece { true } else { false }
        chunkBytes = try Self.product(unpackedRow, isTiled ? pieceHeight : min(pieceHeight, height))
        if case .band = piece {
        } else if pieceBytes > limits.maximumTileBytes {
            throw TIFFError(
                .limit, "a tile or strip of \(pieceBytes) bytes is more than \(limits.maximumTileBytes)")
        }
        columns = (width + chunkWidth - 1) / chunkWidth
        switch piece {
        case .band(let rowsPerStrip):
            // Bands start anew with each strip.
            let bandsPerStrip = (rowsPerStrip + chunkHeight - 1) / chunkHeight
            let (fullStrips, rest) = height.quotientAndRemainder(dividingBy: rowsPerStrip)
            rows = fullStrips * bandsPerStrip + (rest + chunkHeight - 1) / chunkHeight
        case .tile, .strip:
            rows = (height + chunkHeight - 1) / chunkHeight
        }
        packedImageBytes = try Self.product(packedRowBytes, height / rowsPerPackedRow + 1, columns, planes)
        let (cost, overflow) = packedImageBytes.addingReportingOverflow(
            try Self.product(rows, columns, planes, Self.bytesPerPieceOverhead))
        decodingCost = overflow ? Int.max : cost
    }

    /// The work that a part of the image's tiles or strips takes to decode, the others being absent.
    func decodingCost(ofShare share: Double) -> Int {
        decodingCost == Int.max ? decodingCost : decodingCost - Int(Double(packedImageBytes) * (1 - share))
    }

    /// The rows of the image in the chunk at row `row` of the grid: those of a strip end with the image, those of a tile
    /// may not.
    func imageRows(ofRow row: Int) -> Range<Int> {
        switch piece {
        case .tile:
            return row * chunkHeight..<(row + 1) * chunkHeight
        case .strip:
            return row * chunkHeight..<min((row + 1) * chunkHeight, imageHeight)
        case .band(let rowsPerStrip):
            let bandsPerStrip = (rowsPerStrip + chunkHeight - 1) / chunkHeight
            let strip = row / bandsPerStrip
            let start = strip * rowsPerStrip + row % bandsPerStrip * chunkHeight
            return start..<min(start + chunkHeight, (strip + 1) * rowsPerStrip, imageHeight)
        }
    }

    /// The row of the grid that holds row `y` of the image.
    func row(containing y: Int) -> Int {
        switch piece {
        case .tile, .strip:
            return y / chunkHeight
        case .band(let rowsPerStrip):
            let bandsPerStrip = (rowsPerStrip + chunkHeight - 1) / chunkHeight
            return y / rowsPerStrip * bandsPerStrip + y % rowsPerStrip / chunkHeight
        }
    }

    /// Bytes of `imageRows` rows of a chunk as the decoder gives them.
    func packedBytes(imageRows: Int) -> Int {
        (imageRows + rowsPerPackedRow - 1) / rowsPerPackedRow * packedRowBytes
    }

    private static func product(_ factors: Int...) throws(TIFFError) -> Int {
        var result = 1
        for factor in factors {
            let (product, overflow) = result.multipliedReportingOverflow(by: factor)
            guard !overflow else { throw TIFFError(.limit, "sizes whose product exceeds 64 bits") }
            result = product
        }
        return result
    }
}

extension Int {
    /// A number of bits, in whole bytes.
    fileprivate var roundedUpToBytes: Int { self / 8 + (self % 8 == 0 ? 0 : 1) }
}
