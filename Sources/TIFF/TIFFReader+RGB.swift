import CTIFF

extension TIFFReader {
    /// A window of the displayed image as 8-bit RGB, which is what a pipeline sees.
    ///
    /// Samples are scaled to 8 bits by their range (see `sampleRange`). Grey is repeated, palettes are looked up,
    /// min-is-white is inverted, CMYK and YCbCr are converted by their formulas and L*a*b* to sRGB. Alpha is composited on
    /// white, for glass is white; extra samples of unknown meaning are ignored.
    ///
    /// - Parameter window: in displayed coordinates, after the orientation.
    /// - Throws: `TIFFError`, also for a window that does not lie within the image.
    public func readRGB(
        _ directory: TIFFDirectory, window: PixelWindow, rendering: TIFFRendering = TIFFRendering()
    ) throws(TIFFError) -> RGBPixels {
        guard window.lies(within: directory.displayedWidth, directory.displayedHeight) else {
            throw TIFFError(.misuse, "the window does not lie within the image", directory: directory.index)
        }
        let (pixels, overflow) = window.width.multipliedReportingOverflow(by: window.height)
        guard !overflow, pixels <= limits.maximumWindowBytes / 3 else {
            throw TIFFError(
                .limit, "a window of more than \(limits.maximumWindowBytes) bytes", directory: directory.index)
        }
        let converter = try rgbConverter(for: directory, rendering)
        let stored = directory.orientation.storedWindow(for: window, width: directory.width, height: directory.height)
        let (samples, absent) = try readPresentSamples(directory, window: stored)
        var rgb = converter.isIdentity ? samples.bytes : converter.convert(samples)
        for part in absent { converter.background.fill(part, of: &rgb, width: stored.width) }
        let oriented = directory.orientation.displayed(rgb, width: stored.width, height: stored.height)
        return RGBPixels(width: window.width, height: window.height, bytes: oriented)
    }

    private func rgbConverter(
        for directory: TIFFDirectory, _ rendering: TIFFRendering
    ) throws(TIFFError) -> RGBConverter {
        if let last = lastConverter, last.offset == directory.offset, last.rendering == rendering {
            return last.converter
        }
        let range: SampleRange
        if let given = rendering.range { range = given } else { range = try sampleRange(of: directory) }
        _ = try prepare(directory)
        let palette =
            directory.photometricInterpretation == .palette && directory.bitsPerSample <= 16
            ? colourMap(count: 1 << directory.bitsPerSample) : nil
        let converter: RGBConverter
        do throws(TIFFError) {
            converter = try RGBConverter(
                directory, palette: palette, range: range, rendering: rendering,
                lumaCoefficients: floats(TIFFTAG_YCBCRCOEFFICIENTS, count: 3),
                referenceBlackWhite: floats(TIFFTAG_REFERENCEBLACKWHITE, count: 6))
        } catch { throw error.at(directory: directory.index) }
        lastConverter = (directory.offset, rendering, converter)
        return converter
    }
}

extension RGBColour {
    /// Paints a part of `[height, width, 3]`.
    fileprivate func fill(_ part: PixelWindow, of pixels: inout [UInt8], width: Int) {
        pixels.withUnsafeMutableBytes { pixels in
            for y in part.y..<part.y + part.height {
                let row = UnsafeMutableRawBufferPointer(
                    rebasing: pixels[(y * width + part.x) * 3..<(y * width + part.x + part.width) * 3])
                row.initializeMemory(as: UInt8.self, repeating: red)
                if red == green && green == blue { continue }
                for x in 0..<part.width { (row[x * 3 + 1], row[x * 3 + 2]) = (green, blue) }
            }
        }
    }
}

extension Orientation {
    /// The stored pixels that are displayed in `window` of an image stored with `width` and `height`.
    func storedWindow(for window: PixelWindow, width: Int, height: Int) -> PixelWindow {
        let (displayedWidth, displayedHeight) = swapsAxes ? (height, width) : (width, height)
        let x = mirrorsX ? displayedWidth - window.x - window.width : window.x
        let y = mirrorsY ? displayedHeight - window.y - window.height : window.y
        return swapsAxes
            ? PixelWindow(x: y, y: x, width: window.height, height: window.width)
            : PixelWindow(x: x, y: y, width: window.width, height: window.height)
    }

    /// Stored RGB pixels `[height, width, 3]` as they are displayed.
    func displayed(_ pixels: [UInt8], width: Int, height: Int) -> [UInt8] {
        if self == .topLeft { return pixels }
        let (displayedWidth, displayedHeight) = swapsAxes ? (height, width) : (width, height)
        return [UInt8](unsafeUninitializedCapacity: pixels.count) { output, initialised in
            pixels.withUnsafeBufferPointer { input in
                var target = 0
                for y in 0..<displayedHeight {
                    let storedY = mirrorsY ? displayedHeight - 1 - y : y
                    for x in 0..<displayedWidth {
                        let storedX = mirrorsX ? displayedWidth - 1 - x : x
                        let source = (swapsAxes ? storedX * width + storedY : storedY * width + storedX) * 3
                        output[target] = input[source]
                        output[target + 1] = input[source + 1]
                        output[target + 2] = input[source + 2]
                        target += 3
                    }
                }
            }
            initialised = pixels.count
        }
    }
}
