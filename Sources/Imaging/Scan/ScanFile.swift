import TIFF

/// A scan that is open for reading, with what its directories are. For one task at a time, as the TIFF reader is.
public final class ScanFile {
    public let reader: TIFFReader
    public let layout: ScanLayout

    /// - Throws: `ImagingError.tiff`.
    public convenience init(path: String, limits: TIFFLimits = .default) throws(ImagingError) {
        let reader: TIFFReader
        do throws(TIFFError) { reader = try TIFFReader(path: path, limits: limits) } catch { throw .tiff(error) }
        self.init(reader: reader)
    }

    /// Reads through an open descriptor, which is duplicated.
    ///
    /// - Throws: `ImagingError.tiff`.
    public convenience init(fileDescriptor: Int32, limits: TIFFLimits = .default) throws(ImagingError) {
        let reader: TIFFReader
        do throws(TIFFError) {
            reader = try TIFFReader(fileDescriptor: fileDescriptor, limits: limits)
        } catch { throw .tiff(error) }
        self.init(reader: reader)
    }

    public init(reader: TIFFReader) {
        self.reader = reader
        layout = ScanLayout(of: reader.directories)
    }

    /// The image of the file that is analysed: the largest, and of several the first.
    ///
    /// - Throws: the reason for which it or the first directory is unreadable, or `ImagingError.noImage` where there are only
    ///   pictures that are never analysed.
    public func mainPyramid() throws(ImagingError) -> Pyramid {
        if case .failure(let error) = reader.directories.first { throw .tiff(error) }
        guard var pyramid = layout.pyramids.first else { throw .noImage }
        // As numbers that cannot overflow: a header may say anything.
        func area(_ pyramid: Pyramid) -> Double { Double(pyramid.width) * Double(pyramid.height) }
        for other in layout.pyramids.dropFirst() where area(other) > area(pyramid) { pyramid = other }
        if let refusal = pyramid.levels[0].directory.refusal { throw .tiff(refusal) }
        return pyramid
    }

    /// The pixels of a level, as displayed, in 8-bit RGB.
    public func pixels(of level: PyramidLevel) -> ScanLevelSource {
        ScanLevelSource(reader: reader, directory: level.directory)
    }

    /// The pixels of a label, macro or thumbnail, for `inspect`.
    public func pixels(of image: ScanLayout.AssociatedImage) -> ScanLevelSource {
        ScanLevelSource(reader: reader, directory: image.directory)
    }
}

/// The pixels of one directory of a scan.
public struct ScanLevelSource: PixelSource {
    let reader: TIFFReader
    let directory: TIFFDirectory

    public var width: Int { directory.displayedWidth }
    public var height: Int { directory.displayedHeight }
    public var isStoredInRows: Bool {
        if case .strips = directory.organisation { !directory.orientation.swapsAxes } else { false }
    }

    public func pixels(in window: PixelWindow) throws(ImagingError) -> RGBImage {
        guard window.isInside(width: width, height: height) else {
            throw .outsideOfPicture(window: window, width: width, height: height)
        }
        let pixels: RGBPixels
        do throws(TIFFError) { pixels = try reader.readRGB(directory, window: window) } catch { throw .tiff(error) }
        return RGBImage(width: pixels.width, height: pixels.height, pixels: pixels.bytes)
    }
}
