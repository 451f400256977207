import Imaging
import Slides

/// Where in a scan's picture a tile looks.
struct TilePlace: Sendable {
    let side: Int
    /// The upper left pixel of the square that holds all which the tile shows.
    private let origin: (x: Int, y: Int)
    /// Nil where the tile is that square.
    private let view: TileView?

    init(_ window: PixelWindow, side: Int, through view: TileView? = nil) {
        self.side = side
        self.view = view
        origin = (window.x, window.y)
    }

    /// The pixel of the picture that a pixel of the tile shows; it may lie outside.
    func pixel(x: Int, y: Int) -> (x: Int, y: Int) {
        guard let view else { return (origin.x + x, origin.y + y) }
        let place = view.place(x: x, y: y)
        return (origin.x + Int(place.x.rounded()), origin.y + Int(place.y.rounded()))
    }

    /// Where in the tile a point of the picture is, both in continuous coordinates, a pixel's middle at a half.
    func point(x: Float, y: Float) -> (x: Float, y: Float) {
        let (x, y) = (x - Float(origin.x), y - Float(origin.y))
        guard let view else { return (x, y) }
        let pixel = view.pixel(x: x - 0.5, y: y - 0.5)
        return (pixel.x + 0.5, pixel.y + 0.5)
    }
}
