import Slides

extension LabelImage {
    /// An instance label image.
    public struct Picture: Sendable, Hashable {
        public let width, height: Int
        /// The objects: one set of pixels for each number but 0, by rising number.
        public let regions: [RunLengths]
    }

    /// - Parameter path: of a PNG or a TIFF file of one channel of whole numbers.
    /// - Throws: `ImagingError.png`, `.slide`, `.limitExceeded`; `.invalidParameter` for a picture in colours.
    public static func read(
        path: String, limits: PictureLimits = PictureLimits()
    ) throws(ImagingError) -> Picture {
        guard let format = try? PNGFile.format(path: path) else { return try tiffRegions(path, limits) }
        guard !format.isColour else { throw notLabels }
        if format.is16Bit {
            let picture: PNGFile.Picture<UInt16> = try PNGFile.read(
                path: path, as: format, background: 0, limits: limits)
            return Self.picture(picture.samples.map(UInt32.init), width: picture.width)
        }
        let picture: PNGFile.Picture<UInt8> = try PNGFile.read(path: path, as: format, background: 0, limits: limits)
        return Self.picture(picture.samples.map(UInt32.init), width: picture.width)
    }

    private static let notLabels = ImagingError.invalidParameter(
        name: "label image", reason: "it must have one channel of whole numbers of 8, 16 or 32 bits")

    private static func tiffRegions(_ path: String, _ limits: PictureLimits) throws(ImagingError) -> Picture {
        let picture: NumberPicture
        do throws(SlideError) { picture = try NumberPicture(path: path) } catch { throw .slide(error) }
        try limits.check(width: picture.width, height: picture.height)
        let labels: [UInt32]?
        do throws(SlideError) { labels = try picture.labels() } catch { throw .slide(error) }
        guard let labels else { throw notLabels }
        return Self.picture(labels, width: picture.width)
    }

    /// - Parameter labels: `[H, W]`.
    private static func picture(_ labels: [UInt32], width: Int) -> Picture {
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
        return Picture(
            width: width, height: width > 0 ? labels.count / width : 0,
            regions: runs.keys.sorted().map { RunLengths(joining: runs[$0] ?? []) })
    }
}
