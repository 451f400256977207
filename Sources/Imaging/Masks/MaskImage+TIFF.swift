import Slides
import TIFF

extension MaskImage {
    /// The first image of a TIFF file as a mask: foreground is what is not black, and of a palette, or of a file by a program
    /// that writes arrays, what is not 0. Alpha is ignored.
    ///
    /// - Throws: `ImagingError.slide`, `ImagingError.limitExceeded`.
    public init(tiffPath path: String, limits: PictureLimits = PictureLimits()) throws(ImagingError) {
        let file: TIFFScanFile
        let directory: TIFFDirectory
        do throws(SlideError) {
            file = try TIFFScanFile(path: path)
            directory = file.directory(of: try file.mainPyramid().levels[0])
        } catch { throw .slide(error) }
        try limits.check(width: directory.width, height: directory.height)
        var pixels: [Bool] = []
        pixels.reserveCapacity(directory.width * directory.height)
        let rows = max(1, (1 << 22) / directory.width)
        for y in stride(from: 0, to: directory.height, by: rows) {
            let window = PixelWindow(x: 0, y: y, width: directory.width, height: min(rows, directory.height - y))
            let samples: SampleBuffer
            let absent: [PixelWindow]
            do throws(TIFFError) {
                (samples, absent) = try file.reader.readPresentSamples(directory, window: window)
            } catch { throw .slide(SlideError(error)) }
            Self.append(samples, of: directory, to: &pixels)
            // Nothing is marked in what the file leaves out, whatever its samples would mean.
            for hole in absent {
                for row in y + hole.y..<y + hole.endY {
                    let start = row * directory.width + hole.x
                    pixels.replaceSubrange(start..<start + hole.width, with: repeatElement(false, count: hole.width))
                }
            }
        }
        self.init(width: directory.width, height: directory.height, pixels: pixels)
    }

    /// Whether what was written are numbers, and not a picture: what is not 0 is then marked, whatever it looks like. tifffile
    /// (and scikit-image by it) writes arrays of booleans min-is-white, ImageJ what it shows by an inverted table.
    private static func holdsArray(_ directory: TIFFDirectory) -> Bool {
        directory.software?.hasPrefix("tifffile") == true
            || directory.imageDescription.map { $0.hasPrefix("ImageJ=") || $0.hasPrefix(#"{"shape": ["#) } == true
    }

    private static func append(_ samples: SampleBuffer, of directory: TIFFDirectory, to pixels: inout [Bool]) {
        let colours = max(1, samples.samplesPerPixel - directory.extraSamples.count)
        let bytesPerPixel = samples.samplesPerPixel * samples.type.byteCount
        // Black is all zero bits in any number format, but where samples count the other way.
        let black: UInt64 =
            directory.photometricInterpretation == .minIsWhite && !holdsArray(directory)
            ? UInt64.max >> (64 - min(64, directory.bitsPerSample)) : 0
        samples.bytes.withUnsafeBytes { bytes in
            for pixel in stride(from: 0, to: bytes.count, by: bytesPerPixel) {
                var isForeground = false
                for sample in 0..<colours {
                    let offset = pixel + sample * samples.type.byteCount
                    let value: UInt64 =
                        switch samples.type.byteCount {
                        case 1: UInt64(bytes[offset])
                        case 2: UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
                        case 4: UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                        default: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                        }
                    if value != black { isForeground = true }
                }
                pixels.append(isForeground)
            }
        }
    }
}
