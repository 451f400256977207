import Slides
import TIFF

extension LabelImage {
    /// The objects of an instance label image: one set of pixels for each number but 0, by rising number.
    ///
    /// - Parameter path: of a PNG or a TIFF file of one channel of whole numbers.
    /// - Throws: `ImagingError.png`, `.slide`, `.limitExceeded`; `.invalidParameter` for a picture in colours.
    public static func regions(path: String, limits: PictureLimits = PictureLimits()) throws(ImagingError)
        -> [RunLengths]
    {
        guard let format = try? PNGFile.format(path: path) else { return try tiffRegions(path, limits) }
        guard !format.isColour else { throw notLabels }
        if format.is16Bit {
            let picture: PNGFile.Picture<UInt16> = try PNGFile.read(
                path: path, as: format, background: 0, limits: limits)
            return regions(picture.samples.map(UInt32.init), width: picture.width)
        }
        let picture: PNGFile.Picture<UInt8> = try PNGFile.read(path: path, as: format, background: 0, limits: limits)
        return regions(picture.samples.map(UInt32.init), width: picture.width)
    }

    private static let notLabels = ImagingError.invalidParameter(
        name: "label image", reason: "it must have one channel of whole numbers of 8, 16 or 32 bits")

    private static func tiffRegions(_ path: String, _ limits: PictureLimits) throws(ImagingError) -> [RunLengths] {
        let file: TIFFScanFile
        let directory: TIFFDirectory
        do throws(SlideError) {
            file = try TIFFScanFile(path: path)
            directory = file.directory(of: try file.mainPyramid().levels[0])
        } catch { throw .slide(error) }
        try limits.check(width: directory.width, height: directory.height)
        let samples: SampleBuffer
        do throws(TIFFError) {
            samples = try file.reader.readSamples(
                directory, window: PixelWindow(x: 0, y: 0, width: directory.width, height: directory.height))
        } catch { throw .slide(SlideError(error)) }
        guard samples.samplesPerPixel == 1, directory.sampleFormat == .unsigned,
            [1, 2, 4].contains(samples.type.byteCount)
        else { throw notLabels }
        let size = samples.type.byteCount
        let values = samples.bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: size).map { offset -> UInt32 in
                switch size {
                case 1: UInt32(bytes[offset])
                case 2: UInt32(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
                default: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                }
            }
        }
        return regions(values, width: directory.width)
    }

    /// - Parameter labels: `[H, W]`.
    private static func regions(_ labels: [UInt32], width: Int) -> [RunLengths] {
        var runs: [UInt32: [PixelRun]] = [:]
        for first in stride(from: 0, to: labels.count, by: width) {
            var x = 0
            while x < width {
                let label = labels[first + x]
                let start = x
                while x < width, labels[first + x] == label { x += 1 }
                if label > 0 {
                    runs[label, default: []].append(PixelRun(row: first / width, start: start, length: x - start))
                }
            }
        }
        return runs.keys.sorted().map { RunLengths(joining: runs[$0] ?? []) }
    }
}
