import CTIFF

/// Tiles and strips that libtiff decodes although a part of them is missing: what it makes up for it is no picture.
extension ChunkDecoder {
    /// - Parameters:
    ///   - buffer: what was decoded, which is decoded again where an image only lacks its end marker.
    ///   - column: of the grid, as `row`.
    /// - Throws: where the JPEG codec warned of lost data, or the image does not cover its part of the whole.
    func checkJPEG(
        _ buffer: UnsafeMutableRawBufferPointer, _ number: UInt32, column: Int, row: Int,
        in handle: borrowing TIFFHandle
    ) throws(TIFFError) {
        var warnings = handle.takeJPEGWarnings()
        if warnings.contains(where: { $0.contains(Self.noEnd) }) {
            try decodeWithEnd(buffer, number, in: handle)
            warnings += handle.takeJPEGWarnings()
        }
        if let damage = warnings.first(where: Self.tellsDamage) {
            throw TIFFError(.malformed, "\(pieceName) \(number) is damaged", libraryMessages: [damage])
        }
        guard warnings.contains(where: { $0.contains("Improper JPEG strip/tile size") }) else { return }
        let rows = grid.imageRows(ofRow: row)
        let needed = (
            width: min(grid.chunkWidth, directory.width - column * grid.chunkWidth),
            height: min(rows.upperBound, directory.height) - rows.lowerBound
        )
        let stored = storedData(of: number, followedBy: [], in: handle)
        guard let frame = stored.flatMap({ JPEGFrame(of: $0) }), frame.width >= needed.width,
            frame.height >= needed.height
        else {
            throw TIFFError(.malformed, "the JPEG image of \(pieceName) \(number) is smaller than that")
        }
    }

    /// libtiff reads as many bytes as uncompressed samples need, whatever the size that the file tells: those of the next
    /// tile or strip, where the file was right.
    func checkRoom(of number: UInt32, for count: Int, in handle: borrowing TIFFHandle) throws(TIFFError) {
        let told = TIFFGetStrileByteCount(handle.pointer, number)
        let total = isTile ? TIFFNumberOfTiles(handle.pointer) : TIFFNumberOfStrips(handle.pointer)
        guard told > 0, told < UInt64(count), number + 1 < total else { return }
        let start = TIFFGetStrileOffset(handle.pointer, number)
        let next = TIFFGetStrileOffset(handle.pointer, number + 1)
        guard next <= start || next - start >= UInt64(count) else {
            throw TIFFError(.malformed, "\(pieceName) \(number) has \(told) bytes of \(count)")
        }
    }

    /// Of rows that are decoded one by one, none can be decoded again.
    func checkJPEGRows(in handle: borrowing TIFFHandle) throws(TIFFError) {
        let warnings = handle.takeJPEGWarnings()
        if let damage = warnings.first(where: { Self.tellsDamage($0) || $0.contains(Self.noEnd) }) {
            throw TIFFError(.malformed, "a strip is damaged", libraryMessages: [damage])
        }
    }

    /// libjpeg's JWRN_JPEG_EOF: the data ends before the image does, or before its end marker only. Of an image, libjpeg
    /// tells the first warning alone.
    private static let noEnd = "Premature end of JPEG file"

    /// libjpeg's JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_MUST_RESYNC and others; bytes too many harm nothing.
    private static func tellsDamage(_ warning: String) -> Bool {
        warning.contains("Corrupt JPEG data") && !warning.contains("extraneous")
    }

    private static let endMarker: [UInt8] = [0xFF, 0xD9]

    private func decodeWithEnd(
        _ buffer: UnsafeMutableRawBufferPointer, _ number: UInt32, in handle: borrowing TIFFHandle
    ) throws(TIFFError) {
        guard var data = storedData(of: number, followedBy: Self.endMarker, in: handle) else {
            throw handle.error(.malformed, "\(pieceName) \(number) cannot be read")
        }
        let isDecoded = data.withUnsafeMutableBytes { data in
            TIFFReadFromUserBuffer(
                handle.pointer, number, data.baseAddress, tmsize_t(data.count), buffer.baseAddress,
                tmsize_t(buffer.count))
        }
        guard isDecoded == 1 else { throw handle.error(.malformed, "\(pieceName) \(number) cannot be decoded") }
    }

    private func storedData(
        of number: UInt32, followedBy end: [UInt8], in handle: borrowing TIFFHandle
    ) -> [UInt8]? {
        let count = TIFFGetStrileByteCount(handle.pointer, number)
        guard count > 0, count <= UInt64(maximumStoredBytes) else { return nil }
        var data = [UInt8](repeating: 0, count: Int(count))
        let read = data.withUnsafeMutableBytes { self.read(number, into: $0, in: handle) }
        return Array(data.prefix(max(0, read))) + end
    }
}
