/// Follows the edges between pixels of a set and others, the set's pixels to the right hand.
struct OutlineTracer {
    private typealias Point = RegionPolygon.Point

    private enum Direction: Int {
        case right, down, left, up

        var turnedRight: Direction { Direction(rawValue: (rawValue + 1) % 4) ?? .right }
        var turnedLeft: Direction { Direction(rawValue: (rawValue + 3) % 4) ?? .right }
    }

    private struct Edge {
        let end: RegionPolygon.Point
        /// The run whose pixels lie to the right hand.
        let run: Int
    }

    private struct Start: Hashable {
        let point: RegionPolygon.Point
        let direction: Direction
    }

    private let runs: [PixelRun]
    private var edges: [Start: Edge] = [:]
    /// 4-connected parts of the set, as a union-find over its runs.
    private var parents: [Int]

    init(_ pixels: RunLengths) {
        runs = pixels.runs
        parents = Array(runs.indices)
        for index in runs.indices { addSides(of: index) }
        joinAndOutlineRows()
    }

    /// The rings, each part's outer one and its holes; parts and holes are ordered by their first pixel.
    mutating func parts() -> [RegionPolygon.Part] {
        var outlines: [Int: [RegionPolygon.Point]] = [:]
        var holes: [Int: [[RegionPolygon.Point]]] = [:]
        var order: [Int] = []
        for index in runs.indices {
            for start in [leftSide(of: index), rightSide(of: index)] where edges[start] != nil {
                let part = root(of: index)
                for ring in Self.split(takeRing(from: start)) {
                    if Self.signedArea(of: ring) > 0 {
                        outlines[part] = ring
                        order.append(part)
                    } else {
                        holes[part, default: []].append(ring)
                    }
                }
            }
        }
        return order.map { RegionPolygon.Part(outline: outlines[$0] ?? [], holes: holes[$0] ?? []) }
    }

    /// Cuts a ring that passes through a point twice into rings that do not: a hole that touches the outside, or another hole, at
    /// a corner.
    private static func split(_ ring: [RegionPolygon.Point]) -> [[RegionPolygon.Point]] {
        var rings: [[RegionPolygon.Point]] = []
        var path: [RegionPolygon.Point] = []
        var places: [RegionPolygon.Point: Int] = [:]
        for point in ring {
            if let place = places[point] {
                let loop = path[place...]
                for visited in loop { places[visited] = nil }
                rings.append(Array(loop))
                path.removeSubrange(place...)
            }
            places[point] = path.count
            path.append(point)
        }
        return rings + [path]
    }

    /// Positive for a ring that runs clockwise on the screen: the shoelace formula.
    private static func signedArea(of ring: [RegionPolygon.Point]) -> Int {
        guard var previous = ring.last else { return 0 }
        var twice = 0
        for point in ring {
            twice += previous.x * point.y - point.x * previous.y
            previous = point
        }
        return twice / 2
    }

    private func leftSide(of index: Int) -> Start {
        Start(point: Point(x: runs[index].start, y: runs[index].row + 1), direction: .up)
    }

    private func rightSide(of index: Int) -> Start {
        Start(point: Point(x: runs[index].end, y: runs[index].row), direction: .down)
    }

    private mutating func addSides(of index: Int) {
        let run = runs[index]
        edges[leftSide(of: index)] = Edge(end: Point(x: run.start, y: run.row), run: index)
        edges[rightSide(of: index)] = Edge(end: Point(x: run.end, y: run.row + 1), run: index)
    }

    /// Adds the upper edges of runs where no pixel lies above, the lower ones where none lies below, and joins runs that
    /// share an edge.
    private mutating func joinAndOutlineRows() {
        var rowStart = 0
        var above = 0..<0
        while rowStart < runs.count {
            var rowEnd = rowStart
            while rowEnd < runs.count && runs[rowEnd].row == runs[rowStart].row { rowEnd += 1 }
            let row = rowStart..<rowEnd
            if let previous = above.first, runs[previous].row + 1 != runs[rowStart].row {
                addEdges(of: above, against: 0..<0, isUpper: false)
                above = 0..<0
            }
            addEdges(of: above, against: row, isUpper: false)
            addEdges(of: row, against: above, isUpper: true)
            above = row
            rowStart = rowEnd
        }
        addEdges(of: above, against: 0..<0, isUpper: false)
    }

    private mutating func addEdges(of row: Range<Int>, against neighbours: Range<Int>, isUpper: Bool) {
        var neighbour = neighbours.lowerBound
        for index in row {
            let run = runs[index]
            var x = run.start
            while neighbour < neighbours.upperBound && runs[neighbour].end <= run.start { neighbour += 1 }
            var covering = neighbour
            while covering < neighbours.upperBound && runs[covering].start < run.end {
                addEdge(from: x, to: runs[covering].start, of: index, isUpper: isUpper)
                x = runs[covering].end
                parents[root(of: max(index, covering))] = root(of: min(index, covering))
                covering += 1
            }
            addEdge(from: x, to: run.end, of: index, isUpper: isUpper)
        }
    }

    private mutating func addEdge(from start: Int, to end: Int, of index: Int, isUpper: Bool) {
        guard end > start else { return }
        let y = isUpper ? runs[index].row : runs[index].row + 1
        let (first, last, direction) = isUpper ? (start, end, Direction.right) : (end, start, Direction.left)
        edges[Start(point: Point(x: first, y: y), direction: direction)] = Edge(
            end: Point(x: last, y: y), run: index)
    }

    private func root(of run: Int) -> Int {
        var root = run
        while parents[root] != root { root = parents[root] }
        return root
    }

    /// Follows a ring and takes its edges; only corners are kept. Where two pixels touch at a corner, the ring turns right and
    /// stays with its pixel.
    private mutating func takeRing(from first: Start) -> [RegionPolygon.Point] {
        var ring: [RegionPolygon.Point] = []
        var start = first
        while let edge = edges.removeValue(forKey: start) {
            if let next = [start.direction.turnedRight, start.direction, start.direction.turnedLeft].lazy
                .map({ Start(point: edge.end, direction: $0) }).first(where: { edges[$0] != nil || $0 == first })
            {
                if next.direction != start.direction { ring.append(edge.end) }
                start = next
            }
        }
        return ring
    }
}
