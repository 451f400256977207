import CTIFF

/// Writes a TIFF file page by page, each as a stream of rows or as tiles in any order. Call `finish`: a file whose
/// writer is dropped before is incomplete.
public struct TIFFWriter: ~Copyable {
    public enum ByteOrder: String, Sendable, Hashable { case machine = "", littleEndian = "l", bigEndian = "b" }

    private let pointer: OpaquePointer
    private let log = MessageLog()
    private var page: PageRows?

    /// - Parameter isBigTIFF: needed where the file may exceed 4 GiB.
    public init(path: String, isBigTIFF: Bool = false, byteOrder: ByteOrder = .machine) throws(TIFFError) {
        guard let options = log.makeOpenOptions(maximumSingleAllocation: 0) else {
            throw TIFFError(.inputOutput, "libtiff cannot allocate memory")
        }
        defer { TIFFOpenOptionsFree(options) }
        let mode = "w" + byteOrder.rawValue + (isBigTIFF ? "8" : "4") + "m"
        guard let pointer = TIFFOpenExt(path, mode, options) else {
            throw TIFFError(.inputOutput, "the file cannot be created")
        }
        self.pointer = pointer
    }

    deinit { TIFFClose(pointer) }

    /// Begins a page; the one before, if any, is ended.
    public mutating func beginPage(_ layout: TIFFPageLayout) throws(TIFFError) {
        try endPage()
        try layout.check()
        try setFields(of: layout)
        page = PageRows(layout)
    }

    /// Appends whole rows: `[rows, width, samplesPerPixel]`, interleaved whatever the planar configuration, in the
    /// machine's byte order. Depths below 8 take a `UInt8` each, 12 bits a `UInt16`.
    public mutating func writeRows<Sample: BitwiseCopyable>(_ samples: Span<Sample>) throws(TIFFError) {
        guard var rows = page else { throw TIFFError(.misuse, "no page was begun") }
        page = nil
        let layout = rows.layout
        try samples.withUnsafeBytes { (bytes) throws(TIFFError) in
            try rows.append(bytes) { (piece, column, row, plane) throws(TIFFError) in
                try write(piece, of: layout, column: column, row: row, plane: plane)
            }
        }
        page = rows
    }

    /// The same for an array.
    public mutating func writeRows<Sample: BitwiseCopyable>(_ samples: [Sample]) throws(TIFFError) {
        try writeRows(samples.span)
    }

    /// Writes one tile: `[tileHeight, tileWidth, samplesPerPixel]`, or one sample a pixel of the plane given where the
    /// planar configuration is separate. Tiles that are never written are absent from the file and read as zeros.
    public mutating func writeTile<Sample: BitwiseCopyable>(
        column: Int, row: Int, plane: Int = 0, _ samples: Span<Sample>
    ) throws(TIFFError) {
        guard let layout = page?.layout, case .tiles(let width, let height) = layout.organisation else {
            throw TIFFError(.misuse, "no page with tiles was begun")
        }
        let expected = width * height * (layout.isPlanar ? 1 : layout.samplesPerPixel) * layout.sampleByteCount
        guard (0..<(layout.width + width - 1) / width).contains(column),
            (0..<(layout.height + height - 1) / height).contains(row),
            (0..<(layout.isPlanar ? layout.samplesPerPixel : 1)).contains(plane),
            samples.count * MemoryLayout<Sample>.stride == expected
        else {
            throw TIFFError(.misuse, "tile \(column), \(row) of plane \(plane) needs to exist and \(expected) bytes")
        }
        try samples.withUnsafeBytes { (bytes) throws(TIFFError) in
            try write(bytes, of: layout, column: column, row: row, plane: plane)
        }
    }

    /// Ends the page begun last. Rows that were written must be complete.
    public mutating func endPage() throws(TIFFError) {
        guard let rows = page else { return }
        page = nil
        guard rows.isCompleteOrUntouched else {
            throw TIFFError(.misuse, "only \(rows.rowsWritten) of \(rows.layout.height) rows were written")
        }
        guard TIFFWriteDirectory(pointer) == 1 else { throw failure("the directory cannot be written") }
    }

    /// Ends the last page and completes the file.
    public consuming func finish() throws(TIFFError) {
        try endPage()
        guard TIFFFlush(pointer) == 1 else { throw failure("the file cannot be completed") }
    }

    private func failure(_ message: String) -> TIFFError {
        TIFFError(.inputOutput, message, libraryMessages: log.take())
    }

    /// Writes a tile or strip of samples that are not packed yet.
    private func write(
        _ piece: UnsafeRawBufferPointer, of layout: TIFFPageLayout, column: Int, row: Int, plane: Int
    ) throws(TIFFError) {
        let samples = layout.isPlanar ? 1 : layout.samplesPerPixel
        let rowSamples: Int
        let index: Int
        switch layout.organisation {
        case .tiles(let width, let height):
            rowSamples = width * samples
            let columns = (layout.width + width - 1) / width
            index = (plane * ((layout.height + height - 1) / height) + row) * columns + column
        case .strips(let rowsPerStrip):
            rowSamples = layout.width * samples
            index = plane * ((layout.height + rowsPerStrip - 1) / rowsPerStrip) + row
        }
        let packed = SamplePacking(bitsPerSample: layout.bitsPerSample).packed(piece, rowSamples: rowSamples)
        guard let number = UInt32(exactly: index) else { throw TIFFError(.misuse, "too many tiles or strips") }
        let isTile = if case .tiles = layout.organisation { true } else { false }
        // libtiff swaps and differences in place, so it gets a copy of its own.
        var content = packed
        let count = content.withUnsafeMutableBytes { bytes in
            isTile
                ? TIFFWriteEncodedTile(pointer, number, bytes.baseAddress, tmsize_t(bytes.count))
                : TIFFWriteEncodedStrip(pointer, number, bytes.baseAddress, tmsize_t(bytes.count))
        }
        guard count >= 0 else { throw failure("\(isTile ? "tile" : "strip") \(index) cannot be written") }
    }

    private func setFields(of layout: TIFFPageLayout) throws(TIFFError) {
        try TIFFFieldWriter(pointer: pointer, layout: layout).setAll { failure($0) }
    }
}
