/// Where a window of RGB pixels comes from: a picture in memory, a level of a scan, or one of these resampled.
public protocol PixelSource {
    var width: Int { get }
    var height: Int { get }
    /// Whether a part of a row costs as much as the whole row, as in a scan that is stored in strips: whoever reads all of the
    /// source then reads full rows, else squares.
    var isStoredInRows: Bool { get }

    /// The pixels as they are stored, where a colour profile makes others of them: who averages pixels does so before, for then
    /// there are fewer.
    var stored: StoredColours? { get }

    /// The pixels under `window`, which lies wholly in the source.
    ///
    /// - Throws: `SlideError` of kind `misuse` for a window that does not, and where reading fails.
    func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage
}

extension PixelSource {
    public var isStoredInRows: Bool { false }

    public var stored: StoredColours? { nil }

    /// The pixels under `window`, mirrored at the source's edges where the window reaches outside.
    ///
    /// The mirror stands at the edge of the whole source, so a window shows the same whatever tile it is part of.
    public func pixelsReflectingOutside(in window: PixelWindow) throws(SlideError) -> RGBImage {
        if window.isInside(width: width, height: height) { return try pixels(in: window) }
        guard window.width > 0, window.height > 0 else {
            throw .outsideOfPicture(window, width: width, height: height)
        }
        let columns = (window.x..<window.endX).map { Reflection.fold($0, length: width) }
        let rows = (window.y..<window.endY).map { Reflection.fold($0, length: height) }
        let left = columns.reduce(width, min)
        let top = rows.reduce(height, min)
        let right = columns.reduce(0, max)
        let bottom = rows.reduce(0, max)
        let source = try pixels(
            in: PixelWindow(x: left, y: top, width: right - left + 1, height: bottom - top + 1))
        return source.gathered(columns: columns.map { $0 - left }, rows: rows.map { $0 - top })
    }
}

extension RGBImage: PixelSource {
    public func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage {
        guard window.isInside(width: width, height: height) else {
            throw .outsideOfPicture(window, width: width, height: height)
        }
        return cropped(to: window)
    }
}
