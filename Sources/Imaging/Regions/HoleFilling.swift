/// Filling of small holes: background that a set of pixels encloses.
enum HoleFilling {
    /// The set with every hole of at most `maximumArea` pixels filled.
    ///
    /// Holes are 4-connected, the counterpart of 8-connected regions. Pixels of other regions inside a hole count as hole.
    static func filled(_ pixels: RunLengths, maximumArea: Int) -> RunLengths {
        guard maximumArea > 0, let box = pixels.boundingBox else { return pixels }
        var gaps: [PixelRun] = []
        var isOutside: [Bool] = []
        var parents: [Int] = []
        func root(of gap: Int) -> Int {
            var root = gap
            while parents[root] != root {
                parents[root] = parents[parents[root]]
                root = parents[root]
            }
            return root
        }
        var previousRow = 0..<0
        var firstRun = 0
        for row in box.y..<box.endY {
            var endRun = firstRun
            while endRun < pixels.runs.count && pixels.runs[endRun].row == row { endRun += 1 }
            let rowStart = gaps.count
            var x = box.x
            for run in pixels.runs[firstRun..<endRun] {
                if run.start > x { gaps.append(PixelRun(row: row, start: x, length: run.start - x)) }
                x = run.end
            }
            if x < box.endX { gaps.append(PixelRun(row: row, start: x, length: box.endX - x)) }
            let isEdgeRow = row == box.y || row == box.endY - 1
            for gap in rowStart..<gaps.count {
                parents.append(gap)
                isOutside.append(isEdgeRow || gaps[gap].start == box.x || gaps[gap].end == box.endX)
            }
            var above = previousRow.lowerBound
            for gap in rowStart..<gaps.count {
                while above < previousRow.upperBound && gaps[above].end <= gaps[gap].start { above += 1 }
                var touching = above
                while touching < previousRow.upperBound && gaps[touching].start < gaps[gap].end {
                    let (one, two) = (root(of: touching), root(of: gap))
                    parents[max(one, two)] = min(one, two)
                    touching += 1
                }
            }
            previousRow = rowStart..<gaps.count
            firstRun = endRun
        }
        var areas = [Int](repeating: 0, count: gaps.count)
        var touchesOutside = [Bool](repeating: false, count: gaps.count)
        for gap in gaps.indices {
            let root = root(of: gap)
            areas[root] += gaps[gap].length
            if isOutside[gap] { touchesOutside[root] = true }
        }
        let holes = gaps.indices.filter { gap in
            let root = root(of: gap)
            return !touchesOutside[root] && areas[root] <= maximumArea
        }
        return holes.isEmpty ? pixels : RunLengths(joining: pixels.runs + holes.map { gaps[$0] })
    }
}
