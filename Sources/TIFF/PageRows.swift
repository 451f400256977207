/// Collects the rows of a page until they fill a row of strips or tiles, and cuts them into these.
struct PageRows {
    let layout: TIFFPageLayout
    private(set) var rowsWritten = 0
    private let pieceWidth: Int
    private let pieceHeight: Int
    /// Interleaved samples of the rows that are not written out yet.
    private var pending: [UInt8] = []

    init(_ layout: TIFFPageLayout) {
        self.layout = layout
        switch layout.organisation {
        case .strips(let rowsPerStrip): (pieceWidth, pieceHeight) = (layout.width, rowsPerStrip)
        case .tiles(let width, let height): (pieceWidth, pieceHeight) = (width, height)
        }
    }

    /// A page may be written as tiles alone.
    var isCompleteOrUntouched: Bool { rowsWritten == 0 || rowsWritten == layout.height }

    private var rowBytes: Int { layout.width * layout.samplesPerPixel * layout.sampleByteCount }

    /// - Parameter write: takes the samples of a piece, its column and row in the grid of pieces, and its plane.
    mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        write: (UnsafeRawBufferPointer, Int, Int, Int) throws(TIFFError) -> Void
    ) throws(TIFFError) {
        guard bytes.count % rowBytes == 0, bytes.count / rowBytes <= layout.height - rowsWritten else {
            throw TIFFError(.misuse, "\(bytes.count) bytes are not rows of \(rowBytes) bytes that the page lacks")
        }
        var remaining = bytes
        while !remaining.isEmpty {
            let bandStart = rowsWritten / pieceHeight * pieceHeight
            let bandRows = min(pieceHeight, layout.height - bandStart)
            let missing = bandStart + bandRows - rowsWritten
            let taken = min(missing, remaining.count / rowBytes)
            pending.append(contentsOf: remaining.prefix(taken * rowBytes))
            remaining = UnsafeRawBufferPointer(rebasing: remaining.dropFirst(taken * rowBytes))
            rowsWritten += taken
            if taken == missing {
                try cut(row: bandStart / pieceHeight, rows: bandRows, write: write)
                pending.removeAll(keepingCapacity: true)
            }
        }
    }

    private func cut(
        row: Int, rows: Int, write: (UnsafeRawBufferPointer, Int, Int, Int) throws(TIFFError) -> Void
    ) throws(TIFFError) {
        // A strip ends with the page; a tile is filled up by repeating the last pixels.
        let isTiled = if case .tiles = layout.organisation { true } else { false }
        let height = isTiled ? pieceHeight : rows
        for plane in 0..<(layout.isPlanar ? layout.samplesPerPixel : 1) {
            for column in 0..<(layout.width + pieceWidth - 1) / pieceWidth {
                let piece = piece(column: column, plane: plane, rows: rows, height: height)
                try piece.span.withUnsafeBytes { (bytes) throws(TIFFError) in try write(bytes, column, row, plane) }
            }
        }
    }

    private func piece(column: Int, plane: Int, rows: Int, height: Int) -> [UInt8] {
        let pixelBytes = layout.samplesPerPixel * layout.sampleByteCount
        let (offset, count) =
            layout.isPlanar ? (plane * layout.sampleByteCount, layout.sampleByteCount) : (0, pixelBytes)
        let left = column * pieceWidth
        let columns = min(pieceWidth, layout.width - left)
        return [UInt8](unsafeUninitializedCapacity: pieceWidth * height * count) { output, initialised in
            pending.withUnsafeBufferPointer { input in
                var target = 0
                for y in 0..<height {
                    let line = min(y, rows - 1) * rowBytes + left * pixelBytes + offset
                    var filled = 0
                    if !layout.isPlanar {
                        filled = columns
                        _ = UnsafeMutableBufferPointer(rebasing: output[target..<target + columns * count])
                            .update(from: input[line..<line + columns * count])
                        target += columns * count
                    }
                    for x in filled..<pieceWidth {
                        let source = line + min(x, columns - 1) * pixelBytes
                        for byte in 0..<count { output[target + byte] = input[source + byte] }
                        target += count
                    }
                }
            }
            initialised = pieceWidth * height * count
        }
    }
}

/// Packs samples of fewer bits than their machine type has: most significant bit first, rows padded to bytes.
struct SamplePacking {
    let bitsPerSample: Int

    func packed(_ samples: UnsafeRawBufferPointer, rowSamples: Int) -> [UInt8] {
        switch bitsPerSample {
        case 1, 2, 4: return packed(samples.bindMemory(to: UInt8.self), rowSamples: rowSamples)
        case 12: return packed(samples.bindMemory(to: UInt16.self), rowSamples: rowSamples)
        default: return Array(samples)
        }
    }

    private func packed<Element: FixedWidthInteger>(
        _ samples: UnsafeBufferPointer<Element>, rowSamples: Int
    ) -> [UInt8] {
        let rowBytes = (rowSamples * bitsPerSample + 7) / 8
        var result = [UInt8](repeating: 0, count: samples.count / rowSamples * rowBytes)
        let mask = UInt32(1) << UInt32(bitsPerSample) - 1
        for row in 0..<samples.count / rowSamples {
            var (accumulator, filled, target) = (UInt32(0), 0, row * rowBytes)
            for index in row * rowSamples..<(row + 1) * rowSamples {
                accumulator = accumulator << UInt32(bitsPerSample) | UInt32(truncatingIfNeeded: samples[index]) & mask
                filled += bitsPerSample
                while filled >= 8 {
                    filled -= 8
                    result[target] = UInt8(truncatingIfNeeded: accumulator >> UInt32(filled))
                    target += 1
                }
            }
            if filled > 0 { result[target] = UInt8(truncatingIfNeeded: accumulator << UInt32(8 - filled)) }
        }
        return result
    }
}
