import Slides

/// Where a picture lies in its scan, in pixels of the resolution that it was read at: for what changes colours by place.
public struct PicturePlace: Sendable, Hashable {
    /// The picture's first column and row; negative where it begins outside of the scan, mirrored in.
    let x: Int
    let y: Int
    /// Size of the scan.
    let scanWidth: Int
    let scanHeight: Int

    /// - Precondition: the scan has pixels.
    public init(_ window: PixelWindow, scanWidth: Int, scanHeight: Int) {
        precondition(scanWidth > 0 && scanHeight > 0, "a scan has pixels")
        (x, y) = (window.x, window.y)
        (self.scanWidth, self.scanHeight) = (scanWidth, scanHeight)
    }

    /// A picture that is the whole scan.
    init(whole image: RGBImage) {
        (x, y) = (0, 0)
        (scanWidth, scanHeight) = (image.width, image.height)
    }
}
