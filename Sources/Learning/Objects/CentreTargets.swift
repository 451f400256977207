import Evaluation
import Findings
import Imaging

/// Heat around the objects' centres, and at the centres the boxes' sizes and the offsets within their cells.
///
/// A peak is as long as its box, with a standard deviation of 0.09 of the sides (Liu et al., "Training-time-friendly network for
/// real-time object detection", 2020). Boxes stay upright, so tiles are turned by right angles alone.
struct CentreTargets: ObjectTargets {
    let classes: [String]
    /// Pixels of a cell.
    let reduction: Int
    let hasOffsets: Bool

    let needPixels = false
    var loss: any NetworkLoss { CentreLoss() }

    private static let spread: (share: Float, least: Float) = (0.09, 0.6)
    /// Of a box that the tile's edge cuts to a smaller share nothing is asked.
    private static let leastVisible: Float = 0.7

    func shapes(ofSide side: Int) -> [[Int]] {
        let cells = side / reduction
        return [classes.count, 2, 2].prefix(hasOffsets ? 3 : 2).map { [$0, cells, cells] }
    }

    /// A box in pixels of a tile, as far as the tile shows it.
    private struct Seen {
        let index: Int
        let box: ObjectCandidate.Bounds
        let share: Float
    }

    private func seen(_ scan: LabelledScan, _ objects: LabelledObjects, at place: TilePlace) -> [Seen] {
        let (width, height) = (Float(scan.picture.width), Float(scan.picture.height))
        let scale = (x: width / Float(scan.picture.fullWidth), y: height / Float(scan.picture.fullHeight))
        let side = Float(place.side)
        return objects.truth.items.enumerated().compactMap { index, item in
            let one = place.point(x: Float(item.box.x) * scale.x, y: Float(item.box.y) * scale.y)
            let two = place.point(
                x: min(width, Float(item.box.x + item.box.width) * scale.x),
                y: min(height, Float(item.box.y + item.box.height) * scale.y))
            let whole = ObjectCandidate.Bounds(
                left: min(one.x, two.x), top: min(one.y, two.y), right: max(one.x, two.x), bottom: max(one.y, two.y))
            let visible = ObjectCandidate.Bounds(
                left: max(0, whole.left), top: max(0, whole.top), right: min(side, whole.right),
                bottom: min(side, whole.bottom))
            guard visible.left < visible.right, visible.top < visible.bottom else { return nil }
            return Seen(index: index, box: visible, share: visible.area / whole.area)
        }
    }

    func truths(of scan: LabelledScan, _ objects: LabelledObjects, at place: TilePlace) -> [[Float]] {
        let cells = place.side / reduction
        let plane = cells * cells
        var heat = [Float](repeating: 0, count: classes.count * plane)
        var sizes = [Float](repeating: 0, count: 2 * plane)
        var offsets = sizes
        let seen = seen(scan, objects, at: place)
        for one in seen where one.share < Self.leastVisible {
            let plane = objects.classes[one.index] * plane
            for row in Int(one.box.top) / reduction...min(cells - 1, Int(one.box.bottom) / reduction) {
                for column in Int(one.box.left) / reduction...min(cells - 1, Int(one.box.right) / reduction) {
                    heat[plane + row * cells + column] = -1
                }
            }
        }
        // What lies outside of the scan is a mirror image, of which nothing is told.
        for cell in 0..<plane {
            let pixel = place.pixel(x: cell % cells * reduction, y: cell / cells * reduction)
            guard 0..<scan.picture.width ~= pixel.x, 0..<scan.picture.height ~= pixel.y else {
                for index in classes.indices { heat[index * plane + cell] = -1 }
                continue
            }
        }
        // The smallest last: of two in one cell, and where boxes overlap, the peaks of the small are the narrow ones.
        for one in seen.filter({ $0.share >= Self.leastVisible }).sorted(by: { $0.box.area > $1.box.area }) {
            let (width, height) = (one.box.right - one.box.left, one.box.bottom - one.box.top)
            let cellSide = Float(reduction)
            let (x, y) = ((one.box.left + width / 2) / cellSide, (one.box.top + height / 2) / cellSide)
            let (column, row) = (min(cells - 1, Int(x)), min(cells - 1, Int(y)))
            draw(
                &heat, from: objects.classes[one.index] * plane, cells: cells, column: column, row: row,
                width: width / cellSide, height: height / cellSide)
            let cell = row * cells + column
            (sizes[cell], sizes[plane + cell]) = (width, height)
            (offsets[cell], offsets[plane + cell]) = (x - Float(column), y - Float(row))
        }
        for (index, name) in classes.enumerated() where objects.unboxed.contains(name) {
            for cell in index * plane..<(index + 1) * plane { heat[cell] = -1 }
        }
        return hasOffsets ? [heat, sizes, offsets] : [heat, sizes]
    }

    private func draw(
        _ heat: inout [Float], from plane: Int, cells: Int, column: Int, row: Int, width: Float, height: Float
    ) {
        let (spreadX, spreadY) = (
            max(Self.spread.least, Self.spread.share * width), max(Self.spread.least, Self.spread.share * height)
        )
        // Beyond four deviations there is nothing.
        let (reachX, reachY) = (Int(4 * spreadX) + 1, Int(4 * spreadY) + 1)
        for y in max(0, row - reachY)...min(cells - 1, row + reachY) {
            for x in max(0, column - reachX)...min(cells - 1, column + reachX) {
                let (across, down) = (Float(x - column) / spreadX, Float(y - row) / spreadY)
                let index = plane + y * cells + x
                let value = exponential(-(across * across + down * down) / 2)
                // Where nothing is known, nothing is but the peaks.
                if heat[index] >= 0 || value == 1 { heat[index] = max(heat[index], value) }
            }
        }
    }

    func items(of scan: LabelledScan, _ objects: LabelledObjects, at place: TilePlace) -> [ObjectTruth.Item] {
        seen(scan, objects, at: place).filter { $0.share >= Self.leastVisible }.map { one in
            let (left, top) = (Int(one.box.left.rounded()), Int(one.box.top.rounded()))
            return ObjectTruth.Item(
                label: objects.truth.items[one.index].label,
                box: Finding.Box(
                    x: left, y: top, width: max(1, Int(one.box.right.rounded()) - left),
                    height: max(1, Int(one.box.bottom.rounded()) - top)),
                pixels: nil)
        }
    }
}
