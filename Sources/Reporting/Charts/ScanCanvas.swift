import Findings

/// The ground that findings are drawn on: the scan's small picture or, without one, an empty area of its shape.
struct ScanCanvas {
    /// In units of the drawing.
    let width: Double
    let height: Double
    /// Level-0 pixels along one unit.
    let factor: Double
    /// The file beside the page; nil where there is none.
    let picture: String?

    /// As wide as it is on the page, in pixels of the screen: what has one size there is that much larger here.
    private static let shownSide = 592.0

    init?(scanWidth: Int, scanHeight: Int, thumbnail: (file: String, Thumbnail)?) {
        guard scanWidth > 0, scanHeight > 0 else { return nil }
        if let (file, thumbnail) = thumbnail {
            (width, height) = (Double(thumbnail.width), Double(thumbnail.height))
            picture = file
        } else {
            let scale = min(1, Double(Thumbnail.longestSide) / Double(max(scanWidth, scanHeight)))
            (width, height) = (Double(scanWidth) * scale, Double(scanHeight) * scale)
            picture = nil
        }
        factor = Double(scanWidth) / width
    }

    /// Units of one pixel on the screen.
    var unit: Double { max(width, height) / Self.shownSide }

    /// - Parameters:
    ///   - words: what a reader hears.
    ///   - pictureOpacity: below 1 where what is drawn on it is to be read.
    func drawing(_ words: String, pictureOpacity: Double = 1, _ content: Markup) -> Markup {
        let ground: Markup =
            picture.map { file in
                "<image href=\"\(file)\" width=\"\(width)\" height=\"\(height)\" opacity=\"\(pictureOpacity)\" />"
            } ?? .empty
        return """
            <svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(words)">
            \(ground)\(content)
            </svg>
            """
    }
}
