/// A scan that is open for reading. For one task at a time: each opens its own.
public protocol ScanFile: AnyObject {
    /// The kind of file, such as `BigTIFF, little-endian`.
    var container: String { get }
    /// Who wrote the file, as far as that tells how to read it, such as `aperio`.
    var dialect: String { get }
    /// Why no image can be read, where the file as a whole is to blame.
    var refusal: SlideError? { get }
    /// Whether this program wrote it as an export's label image: it can be looked at, but is no scan.
    var isLabelImage: Bool { get }
    /// The images: the largest first, the others in the order of the file. Findings count them so.
    var pyramids: [Pyramid] { get }
    /// Pictures of the slide, which are never analysed.
    var associatedImages: [AssociatedImage] { get }

    /// The pixels of a level, as displayed, in 8-bit RGB.
    func pixels(of level: PyramidLevel) -> any PixelSource
    /// The pixels of a label, macro image or thumbnail.
    func pixels(of image: AssociatedImage) -> any PixelSource

    /// What to know of an image that only its pixels tell, a line each.
    func remarks(on pyramid: Pyramid) throws(SlideError) -> [String]

    /// Everything that the file holds, for `inspect`.
    ///
    /// - Parameter statistics: whether the pixels are read, too.
    func pages(statistics: Bool) -> [ScanPage]
}

extension ScanFile {
    public var isLabelImage: Bool { false }

    public func remarks(on pyramid: Pyramid) throws(SlideError) -> [String] { [] }
}
