extension TIFFReader {
    /// The samples of a window as they are stored: before palette, min-is-white, orientation or any scaling are looked
    /// at. JPEG-compressed YCbCr comes as RGB; subsampled chroma is repeated. Tiles and strips that the file leaves out
    /// hold its value for no data (tag 42113), or else 0.
    ///
    /// - Parameter window: in stored coordinates.
    /// - Throws: `TIFFError`, also for a window that does not lie within the image.
    public func readSamples(_ directory: TIFFDirectory, window: PixelWindow) throws(TIFFError) -> SampleBuffer {
        try readPresentSamples(directory, window: window).samples
    }

    /// The samples, and the parts of the window that the file leaves out.
    package func readPresentSamples(
        _ directory: TIFFDirectory, window: PixelWindow
    ) throws(TIFFError) -> (samples: SampleBuffer, absent: [PixelWindow]) {
        guard window.lies(within: directory.width, directory.height) else {
            throw TIFFError(.misuse, "the window does not lie within the image", directory: directory.index)
        }
        let grid = try prepare(directory)
        guard let type = directory.sampleType else {
            throw TIFFError(.unsupported, "samples of no known type", directory: directory.index)
        }
        let (pixels, overflow) = window.width.multipliedReportingOverflow(by: window.height)
        let (bytes, overflow2) = pixels.multipliedReportingOverflow(by: directory.samplesPerPixel * type.byteCount)
        guard !overflow, !overflow2, bytes <= limits.maximumWindowBytes else {
            throw TIFFError(
                .limit, "a window of more than \(limits.maximumWindowBytes) bytes", directory: directory.index)
        }
        var failure: TIFFError?
        var absent: [PixelWindow] = []
        let content = [UInt8](unsafeUninitializedCapacity: bytes) { buffer, initialised in
            let destination = UnsafeMutableRawBufferPointer(buffer)
            destination.adviseLargePages()
            do throws(TIFFError) {
                absent = try copy(window, of: directory, grid: grid, type: type, to: destination)
                initialised = bytes
            } catch { failure = error }
        }
        if let failure { throw failure }
        let samples = SampleBuffer(
            width: window.width, height: window.height, samplesPerPixel: directory.samplesPerPixel, type: type,
            bytes: content)
        return (samples, absent)
    }

    /// Rows that successive windows commonly have in common. Who reads whole rows goes on with the rows below: a higher
    /// chunk that lies wholly in one window then does not lie in the next.
    private static let sharedPixels = 128

    /// Answers which parts of the window the file leaves out.
    private func copy(
        _ window: PixelWindow, of directory: TIFFDirectory, grid: ChunkGrid, type: SampleType,
        to destination: UnsafeMutableRawBufferPointer
    ) throws(TIFFError) -> [PixelWindow] {
        var absent: [PixelWindow] = []
        let lastRow = grid.row(containing: window.y + window.height - 1)
        let lastColumn = (window.x + window.width - 1) / grid.chunkWidth
        for row in grid.row(containing: window.y)...lastRow {
            let chunkRows = grid.imageRows(ofRow: row)
            let rows = max(chunkRows.lowerBound, window.y)..<min(chunkRows.upperBound, window.y + window.height)
            for column in window.x / grid.chunkWidth...lastColumn {
                let left = column * grid.chunkWidth
                let columns = max(left, window.x)..<min(left + grid.chunkWidth, window.x + window.width)
                let isUsedUp =
                    window.width == directory.width && grid.chunkHeight > Self.sharedPixels
                    && rows.count == min(chunkRows.upperBound, directory.height) - chunkRows.lowerBound
                for plane in 0..<grid.planes {
                    let chunk = try chunk(column: column, row: row, plane: plane, isUsedUp: isUsedUp)
                    // The cache may not keep it.
                    defer { withExtendedLifetime(chunk) {} }
                    let overlap = ChunkOverlap(
                        sourceX: columns.lowerBound - left, sourceY: rows.lowerBound - chunkRows.lowerBound,
                        sourceWidth: grid.chunkWidth, targetX: columns.lowerBound - window.x,
                        targetY: rows.lowerBound - window.y, targetWidth: window.width, width: columns.count,
                        height: rows.count)
                    guard let chunk else {
                        absent.append(overlap.target)
                        overlap.fill(
                            directory.absentSample(type), in: destination, plane: plane, planes: grid.planes,
                            samples: grid.samplesPerChunkPixel, type: type)
                        continue
                    }
                    if grid.planes == 1 {
                        overlap.copyPixels(
                            from: chunk.buffer, to: destination,
                            bytesPerPixel: grid.samplesPerChunkPixel * type.byteCount)
                    } else {
                        overlap.scatterSamples(
                            from: chunk.buffer, to: destination, plane: plane, planes: grid.planes, type: type)
                    }
                }
            }
        }
        return absent
    }
}

/// The rectangle that a chunk and a window share.
private struct ChunkOverlap {
    let sourceX: Int
    let sourceY: Int
    let sourceWidth: Int
    let targetX: Int
    let targetY: Int
    let targetWidth: Int
    let width: Int
    let height: Int

    /// In the window.
    var target: PixelWindow { PixelWindow(x: targetX, y: targetY, width: width, height: height) }

    func fill(
        _ sample: AbsentSample, in target: UnsafeMutableRawBufferPointer, plane: Int, planes: Int, samples: Int,
        type: SampleType
    ) {
        switch type.byteCount {
        case 1: fill(UInt8(truncatingIfNeeded: sample.bitPattern), target, plane, planes, samples)
        case 2: fill(UInt16(truncatingIfNeeded: sample.bitPattern), target, plane, planes, samples)
        case 4: fill(UInt32(truncatingIfNeeded: sample.bitPattern), target, plane, planes, samples)
        default: fill(sample.bitPattern, target, plane, planes, samples)
        }
    }

    private func fill<Element: FixedWidthInteger>(
        _ value: Element, _ target: UnsafeMutableRawBufferPointer, _ plane: Int, _ planes: Int, _ samples: Int
    ) {
        guard let to = target.baseAddress?.assumingMemoryBound(to: Element.self) else { return }
        for row in 0..<height {
            let start = to + ((targetY + row) * targetWidth + targetX) * planes * samples + plane
            if planes == 1 {
                start.update(repeating: value, count: width * samples)
            } else {
                for index in 0..<width * samples { start[index * planes] = value }
            }
        }
    }

    func copyPixels(
        from source: UnsafeMutableRawBufferPointer, to target: UnsafeMutableRawBufferPointer, bytesPerPixel: Int
    ) {
        let count = width * bytesPerPixel
        for row in 0..<height {
            let from = ((sourceY + row) * sourceWidth + sourceX) * bytesPerPixel
            let to = ((targetY + row) * targetWidth + targetX) * bytesPerPixel
            UnsafeMutableRawBufferPointer(rebasing: target[to..<to + count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + count]))
        }
    }

    /// Puts the samples of one plane where they belong among the interleaved ones.
    func scatterSamples(
        from source: UnsafeMutableRawBufferPointer, to target: UnsafeMutableRawBufferPointer, plane: Int, planes: Int,
        type: SampleType
    ) {
        switch type.byteCount {
        case 1: scatter(source, target, plane, planes, as: UInt8.self)
        case 2: scatter(source, target, plane, planes, as: UInt16.self)
        case 4: scatter(source, target, plane, planes, as: UInt32.self)
        default: scatter(source, target, plane, planes, as: UInt64.self)
        }
    }

    private func scatter<Element: FixedWidthInteger>(
        _ source: UnsafeMutableRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ plane: Int, _ planes: Int,
        as: Element.Type
    ) {
        guard let from = source.baseAddress?.assumingMemoryBound(to: Element.self),
            let to = target.baseAddress?.assumingMemoryBound(to: Element.self)
        else { return }
        for row in 0..<height {
            let input = from + (sourceY + row) * sourceWidth + sourceX
            let output = to + ((targetY + row) * targetWidth + targetX) * planes + plane
            for column in 0..<width { output[column * planes] = input[column] }
        }
    }
}
