import Slides

/// A source at another resolution: averaged over areas where that is coarser, bicubic where it is finer.
///
/// What a pixel is does not depend on the window it is read in. A colour profile is applied to what was resampled.
public struct ResampledSource: PixelSource {
    public let source: any PixelSource
    public let width: Int
    public let height: Int
    public var isStoredInRows: Bool { source.isStoredInRows }
    private let extent: PixelExtent
    private let colours: StoredColours?

    /// - Parameter extent: how much of the source the new size shows, where its last pixels are cut or missing: less than one
    ///   of them more or less than its size.
    /// - Precondition: the new size is positive.
    public init(_ source: any PixelSource, width: Int, height: Int, extent: PixelExtent? = nil) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        self.source = source
        colours = source.stored
        self.width = width
        self.height = height
        self.extent = extent ?? PixelExtent(width: Double(source.width), height: Double(source.height))
    }

    /// - Parameter scale: pixels of the source along one new pixel, such as wanted spacing / source's spacing; the size is
    ///   rounded.
    /// - Throws: `ImagingError.invalidParameter` for a scale that gives no size.
    public init(_ source: any PixelSource, scale: Double) throws(ImagingError) {
        let width = (Double(source.width) / scale).rounded()
        let height = (Double(source.height) / scale).rounded()
        guard scale > 0, scale.isFinite, max(width, height) <= Double(TileGrid.maximumSide) else {
            throw .invalidParameter(name: "scale", reason: "\(scale) cannot be applied to the picture's size")
        }
        self.init(source, width: max(1, Int(width)), height: max(1, Int(height)))
    }

    public func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage {
        guard window.isInside(width: width, height: height) else {
            throw .outsideOfPicture(window, width: width, height: height)
        }
        if width == source.width && height == source.height { return try source.pixels(in: window) }
        let columns = SamplingTaps(
            outputs: window.x..<window.endX, newLength: width, length: source.width, extent: extent.width,
            interpolation: .cubic)
        let rows = SamplingTaps(
            outputs: window.y..<window.endY, newLength: height, length: source.height, extent: extent.height,
            interpolation: .cubic)
        let (sourceColumns, sourceRows) = (columns.sources, rows.sources)
        let pixels = try (colours?.source ?? source).pixels(
            in: PixelWindow(
                x: sourceColumns.lowerBound, y: sourceRows.lowerBound, width: sourceColumns.count,
                height: sourceRows.count))
        let narrowed = Self.horizontal(pixels, columns, firstColumn: sourceColumns.lowerBound)
        let image = Self.vertical(narrowed, rows, firstRow: sourceRows.lowerBound, width: window.width)
        return colours?.corrected(image) ?? image
    }

    /// `[H, columns, 3]`.
    private static func horizontal(_ image: RGBImage, _ columns: SamplingTaps, firstColumn: Int) -> [Float] {
        let newWidth = columns.starts.count
        let count = 3 * newWidth * image.height
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            image.pixels.withUnsafeBufferPointer { pixels in
                columns.weights.withUnsafeBufferPointer { weights in
                    for row in 0..<image.height {
                        for column in 0..<newWidth {
                            var (red, green, blue): (Float, Float, Float) = (0, 0, 0)
                            var index = 3 * (row * image.width + columns.starts[column] - firstColumn)
                            for tap in columns.offsets[column]..<columns.offsets[column + 1] {
                                red += weights[tap] * Float(pixels[index])
                                green += weights[tap] * Float(pixels[index + 1])
                                blue += weights[tap] * Float(pixels[index + 2])
                                index += 3
                            }
                            let target = 3 * (row * newWidth + column)
                            (buffer[target], buffer[target + 1], buffer[target + 2]) = (red, green, blue)
                        }
                    }
                }
            }
            initialized = count
        }
    }

    private static func vertical(_ samples: [Float], _ rows: SamplingTaps, firstRow: Int, width: Int) -> RGBImage {
        let height = rows.starts.count
        let rowLength = 3 * width
        var sums = [Float](repeating: 0, count: rowLength)
        let pixels = [UInt8](unsafeUninitializedCapacity: rowLength * height) { buffer, initialized in
            samples.withUnsafeBufferPointer { samples in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<height {
                        sums.update(repeating: 0.5)
                        var source = (rows.starts[row] - firstRow) * rowLength
                        for tap in rows.offsets[row]..<rows.offsets[row + 1] {
                            let weight = rows.weights[tap]
                            for index in 0..<rowLength { sums[index] += weight * samples[source + index] }
                            source += rowLength
                        }
                        for index in 0..<rowLength {
                            buffer[row * rowLength + index] = UInt8(max(0, min(255, sums[index])))
                        }
                    }
                }
            }
            initialized = rowLength * height
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
