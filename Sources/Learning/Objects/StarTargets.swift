import Analysis
import Evaluation
import Foundation
import Imaging

/// How central cells are in objects, and how far these reach along rays.
///
/// The objects' pixels are looked at through the tile's view first, then rays are cast along them, exactly, to where they end. How
/// central a cell is, is its distance to the nearest end of its rays, as a share of the largest of its object in the tile:
/// nearly the normalised distance transform of Schmidt et al., "Cell detection with star-convex polygons", MICCAI 2018.
struct StarTargets: ObjectTargets {
    let classes: [String]
    let rays: Int
    /// Pixels of a cell.
    let reduction: Int
    let form: DetectionForm.StarConvex

    let needPixels = true
    var loss: any NetworkLoss { StarConvexLoss() }

    func shapes(ofSide side: Int) -> [[Int]] {
        let cells = side / reduction
        return [[classes.count, cells, cells], [rays, cells, cells]]
    }

    func truths(of scan: LabelledScan, _ objects: LabelledObjects, at place: TilePlace) -> [[Float]] {
        truths(of: scan.numbers(objects, at: place), side: place.side, objects)
    }

    /// - Parameter numbers: the object that each pixel of a tile shows, `[H, W]`, from 1; 0 where there is none.
    func truths(of numbers: [Int32], side: Int, _ objects: LabelledObjects) -> [[Float]] {
        let cells = side / reduction
        let plane = cells * cells
        let directions = (0..<rays).map { ray in
            let angle = 2 * Double.pi * Double(ray) / Double(rays)
            return (x: cos(angle), y: sin(angle))
        }
        let start = form.position == .middle ? Double(reduction) / 2 : 0.5
        let unit = form.unit == .pixels ? 1 : Double(reduction)
        var distances = [Float](repeating: 0, count: rays * plane)
        var nearest = [Double](repeating: 0, count: plane)
        var deepest: [Int32: Double] = [:]
        func position(_ cell: Int) -> (x: Double, y: Double) {
            (Double(cell % cells * reduction) + start, Double(cell / cells * reduction) + start)
        }
        func number(_ cell: Int) -> Int32 {
            let (x, y) = position(cell)
            return numbers[Int(y) * side + Int(x)]
        }
        for cell in 0..<plane {
            let number = number(cell)
            guard number > 0 else { continue }
            let (x, y) = position(cell)
            var least = Double.infinity
            for (ray, direction) in directions.enumerated() {
                let reach = Self.reach(in: numbers, side: side, of: number, from: x, y, along: direction)
                distances[ray * plane + cell] = Float(reach / unit)
                least = min(least, reach)
            }
            nearest[cell] = least
            deepest[number] = max(deepest[number] ?? 0, least)
        }
        var probabilities = [Float](repeating: 0, count: classes.count * plane)
        for (index, name) in classes.enumerated() where objects.unboxed.contains(name) {
            for cell in index * plane..<(index + 1) * plane { probabilities[cell] = -1 }
        }
        for cell in 0..<plane where nearest[cell] > 0 {
            let number = number(cell)
            let index = objects.classes[Int(number) - 1] * plane + cell
            if let deepest = deepest[number] { probabilities[index] = Float(nearest[cell] / deepest) }
        }
        return [probabilities, distances]
    }

    func items(of scan: LabelledScan, _ objects: LabelledObjects, at place: TilePlace) -> [ObjectTruth.Item] {
        let numbers = scan.numbers(objects, at: place)
        var runs: [Int32: [PixelRun]] = [:]
        for row in 0..<place.side {
            var x = 0
            while x < place.side {
                let (start, number) = (x, numbers[row * place.side + x])
                while x < place.side, numbers[row * place.side + x] == number { x += 1 }
                if number > 0 { runs[number, default: []].append(PixelRun(row: row, start: start, length: x - start)) }
            }
        }
        return runs.sorted { $0.key < $1.key }.compactMap { number, runs in
            ObjectTruth.Item(
                label: objects.truth.items[Int(number) - 1].label, pixels: RunLengths(joining: runs))
        }
    }

    /// How far from a point along a ray pixels are of one object: from pixel to pixel (Amanatides and Woo, "A fast voxel
    /// traversal algorithm for ray tracing", 1987).
    private static func reach(
        in numbers: [Int32], side: Int, of number: Int32, from x: Double, _ y: Double,
        along direction: (x: Double, y: Double)
    ) -> Double {
        var (column, row) = (Int(x), Int(y))
        let (stepX, stepY) = (direction.x > 0 ? 1 : -1, direction.y > 0 ? 1 : -1)
        // Along the ray, from one column to the next, and from one row to the next.
        let growX = abs(direction.x) < 1e-9 ? .infinity : 1 / abs(direction.x)
        let growY = abs(direction.y) < 1e-9 ? .infinity : 1 / abs(direction.y)
        var nextX = growX.isFinite ? (direction.x > 0 ? Double(column + 1) - x : x - Double(column)) * growX : .infinity
        var nextY = growY.isFinite ? (direction.y > 0 ? Double(row + 1) - y : y - Double(row)) * growY : .infinity
        var travelled = 0.0
        while 0..<side ~= column, 0..<side ~= row, numbers[row * side + column] == number {
            if nextX < nextY {
                (travelled, nextX, column) = (nextX, nextX + growX, column + stepX)
            } else {
                (travelled, nextY, row) = (nextY, nextY + growY, row + stepY)
            }
        }
        return travelled
    }
}
