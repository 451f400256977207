import Slides

/// A small picture of a large source, averaged over squares of pixels, read in pieces so that memory stays small.
public struct Overview: Sendable, Hashable {
    public let image: RGBImage
    /// Side of the square of source pixels that one pixel shows; squares at the right and lower edge may be cut off.
    public let factor: Int

    /// Source pixels read at once, at most (about): 6 MB of RGB.
    private static let pixelsPerRead = 2 << 20

    /// - Parameter maximumSide: of the overview, in pixels.
    /// - Throws: what the source throws.
    public init(of source: some PixelSource, maximumSide: Int) throws(SlideError) {
        precondition(maximumSide > 0, "an overview has at least one pixel")
        let factor = max(1, (max(source.width, source.height) + maximumSide - 1) / maximumSide)
        self.factor = factor
        let stored = source.stored
        let width = (source.width + factor - 1) / factor
        let height = (source.height + factor - 1) / factor
        var pixels = [UInt8](repeating: 0, count: 3 * width * height)
        // Whole squares: all or about 4096 source columns, and as many rows as fit the budget.
        let columns = source.isStoredInRows ? width : max(1, 4_096 / factor)
        let rows = max(1, Self.pixelsPerRead / (columns * factor) / factor)
        for top in stride(from: 0, to: height, by: rows) {
            for left in stride(from: 0, to: width, by: columns) {
                let (x, y) = (left * factor, top * factor)
                let piece = try (stored?.source ?? source).pixels(
                    in: PixelWindow(
                        x: x, y: y, width: min(columns * factor, source.width - x),
                        height: min(rows * factor, source.height - y)))
                Self.average(piece, factor: factor, into: &pixels, width: width, left: left, top: top)
            }
        }
        let image = RGBImage(width: width, height: height, pixels: pixels)
        self.image = stored?.corrected(image) ?? image
    }

    private static func average(
        _ piece: RGBImage, factor: Int, into pixels: inout [UInt8], width: Int, left: Int, top: Int
    ) {
        let columns = (piece.width + factor - 1) / factor
        var sums = [Int](repeating: 0, count: 3 * columns)
        pixels.withUnsafeMutableBufferPointer { pixels in
            piece.pixels.withUnsafeBufferPointer { source in
                for row in stride(from: 0, to: piece.height, by: factor) {
                    let rows = min(factor, piece.height - row)
                    for index in sums.indices { sums[index] = 0 }
                    sums.withUnsafeMutableBufferPointer { sums in
                        for line in row..<row + rows {
                            for column in 0..<columns {
                                let start = column * factor
                                for x in start..<min(start + factor, piece.width) {
                                    let index = 3 * (line * piece.width + x)
                                    sums[3 * column] += Int(source[index])
                                    sums[3 * column + 1] += Int(source[index + 1])
                                    sums[3 * column + 2] += Int(source[index + 2])
                                }
                            }
                        }
                        let target = 3 * ((top + row / factor) * width + left)
                        for column in 0..<columns {
                            let count = rows * min(factor, piece.width - column * factor)
                            for channel in 0..<3 {
                                pixels[target + 3 * column + channel] =
                                    UInt8(truncatingIfNeeded: (sums[3 * column + channel] + count / 2) / count)
                            }
                        }
                    }
                }
            }
        }
    }
}
