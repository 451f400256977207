import Findings
import Foundation
import Imaging

/// Objects from a probability and radial distances for each cell (Schmidt et al., "Cell Detection with Star-Convex Polygons",
/// MICCAI 2018).
///
/// Ray `k` of `R` points at the angle `2 pi k / R`, its x by the cosine and its y (downwards) by the sine, and a cell speaks for
/// its first pixel unless the card says otherwise: as in the package `stardist` 0.9.2, `geometry/geom2d.py` (`ray_angles`,
/// `dist_to_coord`) and `models/model2d.py` (`ss_grid`). An object's pixels are those whose centres lie in its polygon.
struct StarConvexDecoder: ObjectDecoder {
    let form: DetectionForm.StarConvex
    let contract: TileContract
    let probabilities: ClassProbabilities
    let threshold: Float
    /// Outlines that overlap by more are of one object, see ``ObjectSuppression/limit``.
    let limit: Float
    let resolution: WorkingResolution

    private struct Cell {
        let x: Int
        let y: Int
        let classIndex: Int
        let certainty: Float
        let bounds: ObjectCandidate.Bounds
    }

    /// What is certain enough to be an object.
    private struct Cells {
        private(set) var all: [Cell] = []
        /// Of each cell of the map its index in `all`; negative where it is none.
        private var indices: [Int32]

        init(_ map: CellMap) { indices = [Int32](repeating: -1, count: map.count) }

        mutating func append(_ cell: Cell, _ map: CellMap) {
            indices[cell.y * map.columns + cell.x] = Int32(all.count)
            all.append(cell)
        }

        func at(_ x: Int, _ y: Int, _ map: CellMap) -> Cell? {
            let index = indices[y * map.columns + x]
            return index < 0 ? nil : all[Int(index)]
        }
    }

    func objects(in answers: [[Float]], of tile: DetectionTile) throws(AnalysisFailure) -> DecodedTile {
        let scores = try probabilities.pixels(contract.planes(answers[0]))
        let map = CellMap(tile, reduction: contract.reduction)
        let classes = CellClasses(
            scores, head: form.classHead.map { _ in answers[2] }, of: contract, cells: map.count)
        let rays = Rays(
            count: answers[1].count / map.count,
            values: contract.planes(answers[1], channels: answers[1].count / map.count),
            map: map, scale: form.unit == .pixels ? 1 : Float(map.reduction))
        let start = form.position == .middle ? Float(map.reduction) / 2 : 0.5
        var found = DecodedTile(scores: scores)
        // One ring of cells more than the tile's own: they may be whom those give way to.
        var cells = Cells(map)
        for y in max(0, map.ownRows.lowerBound - 1)..<min(map.rows, map.ownRows.upperBound + 1) {
            for x in max(0, map.ownColumns.lowerBound - 1)..<min(map.columns, map.ownColumns.upperBound + 1) {
                let index = y * map.columns + x
                guard let (classIndex, certainty) = classes.best(index, atLeast: threshold) else { continue }
                let originX = Float(tile.window.x + x * map.reduction) + start
                let originY = Float(tile.window.y + y * map.reduction) + start
                cells.append(
                    Cell(
                        x: x, y: y, classIndex: classIndex, certainty: certainty,
                        bounds: rays.bounds(index, originX, originY)), map)
            }
        }
        for cell in cells.all where map.ownRows.contains(cell.y) && map.ownColumns.contains(cell.x) {
            if givesWay(cell, cells, map) { continue }
            let index = cell.y * map.columns + cell.x
            let place = (x: tile.window.x + cell.x * map.reduction, y: tile.window.y + cell.y * map.reduction)
            guard isPossible(cell.bounds, place, tile) else {
                found.rejectImpossible()
                continue
            }
            let pixels = self.pixels(rays.corners(index, Float(place.x) + start, Float(place.y) + start))
            if pixels.runs.isEmpty { continue }
            try found.add(
                ObjectCandidate(
                    classIndex: cell.classIndex, probabilities: try classes.probabilities(index),
                    certainty: cell.certainty, bounds: cell.bounds, x: Float(place.x), y: Float(place.y),
                    pixels: pixels), in: tile)
        }
        return found
    }

    /// Nearly every cell of an object outlines it: the most probable of a neighbourhood speaks for those who mean the same.
    private func givesWay(_ cell: Cell, _ cells: Cells, _ map: CellMap) -> Bool {
        for row in max(0, cell.y - 1)...min(map.rows - 1, cell.y + 1) {
            for column in max(0, cell.x - 1)...min(map.columns - 1, cell.x + 1) {
                guard let other = cells.at(column, row, map),
                    other.classIndex == cell.classIndex || form.classHead != nil
                else { continue }
                let isBefore = (row, column) < (cell.y, cell.x)
                let outranks =
                    other.certainty > cell.certainty || (isBefore && other.certainty == cell.certainty)
                if outranks, other.bounds.intersectionOverUnion(cell.bounds) > limit { return true }
            }
        }
        return false
    }

    /// Before anything as large as a hostile network's distances is drawn.
    private func isPossible(
        _ bounds: ObjectCandidate.Bounds, _ place: (x: Int, y: Int), _ tile: DetectionTile
    ) -> Bool {
        bounds.left < bounds.right && bounds.top < bounds.bottom && Float(place.x) - bounds.left <= tile.reach
            && bounds.right - Float(place.x) <= tile.reach && Float(place.y) - bounds.top <= tile.reach
            && bounds.bottom - Float(place.y) <= tile.reach
    }

    /// Of level 0.
    private func pixels(_ corners: [(x: Float, y: Float)]) -> RunLengths {
        let scaleX = Double(resolution.fullWidth) / Double(resolution.width)
        let scaleY = Double(resolution.fullHeight) / Double(resolution.height)
        return RunLengths(
            fillingPolygon: corners.map { (Double($0.x) * scaleX, Double($0.y) * scaleY) }, width: resolution.fullWidth,
            height: resolution.fullHeight)
    }
}

/// The distances of a tile's cells.
private struct Rays {
    private let directions: [(x: Float, y: Float)]
    /// `[R, h, w]`
    private let values: [Float]
    private let plane: Int
    private let scale: Float

    init(count: Int, values: [Float], map: CellMap, scale: Float) {
        directions = (0..<count).map { ray in
            let angle = 2 * Double.pi * Double(ray) / Double(count)
            return (Float(cos(angle)), Float(sin(angle)))
        }
        self.values = values
        plane = map.count
        self.scale = scale
    }

    func corners(_ cell: Int, _ x: Float, _ y: Float) -> [(x: Float, y: Float)] {
        directions.indices.map { ray in
            let distance = max(0, values[ray * plane + cell]) * scale
            return (x + distance * directions[ray].x, y + distance * directions[ray].y)
        }
    }

    func bounds(_ cell: Int, _ x: Float, _ y: Float) -> ObjectCandidate.Bounds {
        var (left, top, right, bottom) = (x, y, x, y)
        for ray in directions.indices {
            let distance = max(0, values[ray * plane + cell]) * scale
            let (cornerX, cornerY) = (x + distance * directions[ray].x, y + distance * directions[ray].y)
            (left, right) = (min(left, cornerX), max(right, cornerX))
            (top, bottom) = (min(top, cornerY), max(bottom, cornerY))
        }
        return .init(left: left, top: top, right: right, bottom: bottom)
    }
}
