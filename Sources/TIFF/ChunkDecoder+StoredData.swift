import CTIFF

/// What is done with the stored data of a tile or strip before libtiff decodes it, or instead.
extension ChunkDecoder {
    /// Tells libtiff what the JPEG images hold where the directory says otherwise.
    static func configureColours(_ handle: borrowing TIFFHandle, for directory: TIFFDirectory) {
        if directory.isJPEGOfRGB { _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_PHOTOMETRIC), PHOTOMETRIC_RGB) }
        guard directory.isDecodedToRGB else { return }
        if directory.photometricInterpretation != .yCbCr {
            _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_PHOTOMETRIC), PHOTOMETRIC_YCBCR)
        }
        let factors = directory.jpegFrame?.samplingFactors.first
        if let factors, [1, 2, 4].contains(factors.horizontal), [1, 2, 4].contains(factors.vertical) {
            _ = ctiff_set_int_pair(
                handle.pointer, UInt32(TIFFTAG_YCBCRSUBSAMPLING), Int32(factors.horizontal), Int32(factors.vertical))
        }
        _ = ctiff_set_int(handle.pointer, UInt32(TIFFTAG_JPEGCOLORMODE), JPEGCOLORMODE_RGB)
    }

    /// Decodes what libtiff, or the codec behind it, does not.
    func fillWithoutLibtiff(
        _ buffer: UnsafeMutableRawBufferPointer, piece: Int, rows: Int, in handle: borrowing TIFFHandle
    ) throws(TIFFError) {
        guard let number = UInt32(exactly: piece) else { throw TIFFError(.unsupported, "too many tiles or strips") }
        let stored = TIFFGetStrileByteCount(handle.pointer, number)
        guard stored > 0, stored <= UInt64(maximumStoredBytes) else {
            throw TIFFError(.malformed, "\(pieceName) \(piece) has \(stored) bytes")
        }
        let data = DecodedChunk(byteCount: Int(stored), rows: 1, pool: ChunkPool(chunkBytes: Int(stored)))
        defer { withExtendedLifetime(data) {} }
        guard read(number, into: data.buffer, in: handle) == data.buffer.count else {
            throw handle.error(.malformed, "\(pieceName) \(piece) cannot be read")
        }
        let bytes = UnsafeRawBufferPointer(data.buffer)
        if directory.isLosslessJPEG {
            let image = LosslessJPEGDecoder(
                rowSamples: grid.chunkWidth * grid.samplesPerChunkPixel, rows: rows, sampleType: sampleType)
            try image.decode(bytes, into: buffer)
        } else {
            let image = JPEG2000Decoder(
                width: grid.chunkWidth, height: rows, components: grid.samplesPerChunkPixel, sampleType: sampleType)
            try image.decode(bytes, into: buffer)
        }
    }

    /// JBIG-KIT allocates what the data's own header says, and ends the process where it cannot (ITU-T T.82, 6.2).
    func checkJBIG(_ number: UInt32, rows: Int, in handle: borrowing TIFFHandle) throws(TIFFError) {
        let chunk = DecodedChunk(byteCount: 20, rows: 1, pool: ChunkPool(chunkBytes: 20))
        defer { withExtendedLifetime(chunk) {} }
        let header = chunk.buffer
        header.initializeMemory(as: UInt8.self, repeating: 0)
        let count = read(number, into: header, in: handle)
        // libtiff leaves the order of bits to the codec.
        if handle.uint16Defaulted(TIFFTAG_FILLORDER) == UInt16(FILLORDER_LSB2MSB) {
            TIFFReverseBits(header.baseAddress?.assumingMemoryBound(to: UInt8.self), tmsize_t(header.count))
        }
        func integer(_ offset: Int) -> Int { header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        let planes = header[2]
        guard count == header.count, planes == 1, integer(4) == grid.chunkWidth, integer(8) <= rows else {
            throw TIFFError(.malformed, "the JBIG image of \(pieceName) \(number) is not of its size")
        }
    }

    /// Reads stored bytes, as many as there are or `buffer` takes; answers how many.
    func read(
        _ number: UInt32, into buffer: UnsafeMutableRawBufferPointer, in handle: borrowing TIFFHandle
    ) -> Int {
        Int(
            isTile
                ? TIFFReadRawTile(handle.pointer, number, buffer.baseAddress, tmsize_t(buffer.count))
                : TIFFReadRawStrip(handle.pointer, number, buffer.baseAddress, tmsize_t(buffer.count)))
    }
}
