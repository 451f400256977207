import Imaging
import Slides

extension ScanFile {
    /// What the codes on the slide's label and macro images say, each once, in the order of their bytes.
    ///
    /// - Throws: where a picture cannot be read.
    public func labelCodes() throws(SlideError) -> [String] {
        var codes: Set<String> = []
        for image in associatedImages where image.role == .label || image.role == .macro {
            codes.formUnion(try GreyImage(pixels(of: image), maximumPixels: Self.mostPixels).codes)
        }
        return codes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static var mostPixels: Int { 8 << 20 }
}
