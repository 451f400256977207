import TIFF

/// A TIFF file as a scan, with what its directories are.
package final class TIFFScanFile: ScanFile {
    package let reader: TIFFReader
    let layout: ScanLayout

    /// Reads through an open descriptor, which is duplicated.
    package init(fileDescriptor: Int32, limits: ReadingLimits = .default) throws(SlideError) {
        do throws(TIFFError) {
            reader = try TIFFReader(fileDescriptor: fileDescriptor, limits: TIFFLimits(limits))
        } catch { throw SlideError(error) }
        layout = ScanLayout(of: reader.directories)
    }

    package init(path: String) throws(SlideError) {
        do throws(TIFFError) { reader = try TIFFReader(path: path) } catch { throw SlideError(error) }
        layout = ScanLayout(of: reader.directories)
    }

    package var container: String {
        "\(reader.isBigTIFF ? "BigTIFF" : "TIFF"), \(reader.isBigEndian ? "big" : "little")-endian"
    }
    package var dialect: String { layout.dialect.rawValue }
    /// The first directory tells whose file it is.
    package var refusal: SlideError? {
        if case .failure(let error) = reader.directories.first { SlideError(error) } else { nil }
    }
    package var pyramids: [Pyramid] { layout.pyramids }
    package var associatedImages: [AssociatedImage] { layout.associatedImages }

    package func directory(of level: PyramidLevel) -> TIFFDirectory { layout.levels[level.image][level.number] }

    package func pixels(of level: PyramidLevel) -> any PixelSource {
        DirectorySource(reader: reader, directory: directory(of: level), width: level.width, height: level.height)
    }

    package func pixels(of image: AssociatedImage) -> any PixelSource {
        DirectorySource(
            reader: reader, directory: layout.associatedDirectories[image.number], width: image.width,
            height: image.height)
    }
}

/// The pixels of one directory of a TIFF file, but those that pad it.
private struct DirectorySource: PixelSource {
    let reader: TIFFReader
    let directory: TIFFDirectory
    let width: Int
    let height: Int
    var isStoredInRows: Bool {
        if case .strips = directory.organisation { !directory.orientation.swapsAxes } else { false }
    }

    func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage {
        guard window.isInside(width: width, height: height) else {
            throw .outsideOfPicture(window, width: width, height: height)
        }
        let pixels: RGBPixels
        do throws(TIFFError) { pixels = try reader.readRGB(directory, window: window) } catch {
            throw SlideError(error)
        }
        return RGBImage(width: pixels.width, height: pixels.height, pixels: pixels.bytes)
    }
}
