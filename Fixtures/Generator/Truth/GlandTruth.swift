import Slides

/// What is exactly true of one drawn gland: measured on its pixels, which the geometry decides.
public struct GlandTruth: Equatable, Sendable {
    /// From 1, in the order of the lattice; the gland's number in a label image.
    public var number: Int
    public var glandClass: GlandClass
    /// Pixels.
    public var area: Int
    /// The mean of the pixels' centres; the centre of the pixel in column x is x + 0.5.
    public var centroidX: Double
    public var centroidY: Double
    public var boundingBox: PixelWindow
    /// Whether the scan's border cuts it.
    public var touchesBorder: Bool
}

/// Sums over the pixels of a gland, or of the part of it that was drawn so far.
struct GlandSums: Equatable, Sendable {
    var area = 0
    /// Sums of column and row numbers.
    var x = 0
    var y = 0
    var left = Int.max
    var top = Int.max
    var right = Int.min
    var bottom = Int.min

    mutating func merge(_ other: GlandSums) {
        area += other.area
        x += other.x
        y += other.y
        left = min(left, other.left)
        top = min(top, other.top)
        right = max(right, other.right)
        bottom = max(bottom, other.bottom)
    }

    func truth(number: Int, of scene: Scene) -> GlandTruth {
        GlandTruth(
            number: number, glandClass: scene.glandClass, area: area,
            centroidX: Double(x) / Double(area) + 0.5, centroidY: Double(y) / Double(area) + 0.5,
            boundingBox: PixelWindow(x: left, y: top, width: right - left + 1, height: bottom - top + 1),
            touchesBorder: left == 0 || top == 0 || right == scene.width - 1 || bottom == scene.height - 1)
    }
}

extension Drawing {
    /// The sums of every gland that has pixels here, in the order of `glands`; coordinates are the scan's.
    func sums() -> [GlandSums] {
        var sums = [GlandSums](repeating: GlandSums(), count: glands.count)
        for row in 0..<window.height {
            let line = row * window.width
            var column = 0
            while column < window.width {
                let label = labels[line + column]
                let start = column
                repeat { column += 1 } while column < window.width && labels[line + column] == label
                guard label != 0 else { continue }
                let (length, first) = (column - start, window.x + start)
                sums[Int(label) - 1].merge(
                    GlandSums(
                        area: length, x: length * (2 * first + length - 1) / 2, y: length * (window.y + row),
                        left: first, top: window.y + row, right: first + length - 1, bottom: window.y + row))
            }
        }
        return sums
    }
}
