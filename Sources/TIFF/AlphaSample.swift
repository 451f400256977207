/// The sample of a pixel that says how opaque it is.
struct AlphaSample {
    /// In the pixel.
    let index: Int
    /// Whether the colours are multiplied by it already.
    let isAssociated: Bool
}

extension TIFFDirectory {
    var alphaSample: AlphaSample? {
        let extras = min(extraSamples.count, max(0, samplesPerPixel - photometricInterpretation.colourSamples))
        if let extra = extraSamples.prefix(extras).firstIndex(where: { $0 != .unspecified }) {
            let index = max(0, samplesPerPixel - extraSamples.count + extra)
            return AlphaSample(index: index, isAssociated: extraSamples[extra] == .associatedAlpha)
        }
        // A fourth sample that the file does not explain is alpha to those who leave the tag out.
        guard photometricInterpretation == .rgb, samplesPerPixel == 4, extraSamples.isEmpty else { return nil }
        return AlphaSample(index: 3, isAssociated: false)
    }
}

extension TIFFReader {
    /// Whether alpha makes an image invisible throughout that has colours all the same: then nobody meant it, such as the
    /// fourth byte of a program's 32-bit pixels. Reads until something is opaque, or to the end.
    public func hidesAllColours(of directory: TIFFDirectory) throws(TIFFError) -> Bool {
        guard let alpha = directory.alphaSample else { return false }
        let grid = try prepare(directory)
        guard let type = directory.sampleType else { return false }
        var hasColour = false
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                for plane in 0..<grid.planes {
                    guard let chunk = try decodeUncached(column: column, row: row, plane: plane) else { continue }
                    if grid.planes > 1 {
                        let isBlank = chunk.buffer.allSatisfy { $0 == 0 }
                        if plane == alpha.index, !isBlank { return false }
                        hasColour = hasColour || (plane != alpha.index && !isBlank)
                        continue
                    }
                    let pixelBytes = grid.samplesPerChunkPixel * type.byteCount
                    let alphaBytes = alpha.index * type.byteCount..<(alpha.index + 1) * type.byteCount
                    for (index, byte) in chunk.buffer.enumerated() where byte != 0 {
                        if alphaBytes.contains(index % pixelBytes) { return false }
                        hasColour = true
                    }
                }
            }
        }
        return hasColour
    }
}
