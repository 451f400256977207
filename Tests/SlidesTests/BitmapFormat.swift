import Foundation
import Slides

/// A second format, as small as one can be: `BITMAP`, a width and a height of one byte each, and RGB pixels.
final class BitmapFile: ScanFile {
    let image: RGBImage
    let container = "bitmap"
    let dialect = "generic"
    let refusal: SlideError? = nil
    let associatedImages: [AssociatedImage] = []

    init(_ image: RGBImage) {
        self.image = image
    }

    var pyramids: [Pyramid] {
        [
            Pyramid(
                levels: [PyramidLevel(image: 0, number: 0, width: image.width, height: image.height, downsample: 1)],
                claims: [], summary: "8-bit RGB")
        ]
    }

    func pixels(of level: PyramidLevel) -> any PixelSource { image }
    func pixels(of associated: AssociatedImage) -> any PixelSource { image }
    func pages(statistics: Bool) -> [ScanPage] { [ScanPage(index: 0, role: "image 0, level 0")] }
}

extension ScanFormat {
    static let bitmap = ScanFormat(name: "bitmap", suffixes: ["bitmap"], signatures: [Array("BITMAP".utf8)]) {
        (descriptor, _) throws(SlideError) in
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        guard let bytes = try? file.readToEnd(), bytes.count > 8, bytes.count == 8 + 3 * Int(bytes[6]) * Int(bytes[7])
        else { throw SlideError(.malformed, "the bitmap is cut short") }
        return BitmapFile(RGBImage(width: Int(bytes[6]), height: Int(bytes[7]), pixels: Array(bytes[8...])))
    }
}
