import Findings
import Foundation
import Imaging

/// A small picture with outlines over it, within the page itself.
package struct OutlinedPicture {
    private let canvas: ScanCanvas
    private let outlines: [(label: String, parts: [RunLengths])]

    /// - Parameters:
    ///   - picture: in its own pixels, as the outlines are.
    ///   - outlines: each label once, in colours by their order, with all that is outlined as it.
    package init?(_ picture: Thumbnail, outlines: [(label: String, parts: [RunLengths])]) {
        let address = "data:image/jpeg;base64," + picture.jpeg.base64EncodedString()
        guard
            let canvas = ScanCanvas(
                scanWidth: picture.width, scanHeight: picture.height, thumbnail: (address, picture))
        else { return nil }
        self.canvas = canvas
        self.outlines = outlines
    }

    /// - Parameters:
    ///   - id: unique on the page.
    ///   - caption: what is to be seen.
    package func markup(id: String, caption: Markup) -> Markup {
        var drawing = OutlineDrawing(on: canvas)
        for (index, outline) in outlines.enumerated() {
            for part in outline.parts where !part.runs.isEmpty {
                drawing.add(part, LabelAppearance(outline.label, index: index))
            }
        }
        return "<figure>\(drawing.markup(id: id))<figcaption>\(caption)</figcaption></figure>\n"
    }
}
