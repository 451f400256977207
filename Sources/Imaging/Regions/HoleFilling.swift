import Slides

/// Filling of small holes: background that a set of pixels encloses.
enum HoleFilling {
    /// The set with every hole of at most `maximumArea` pixels filled.
    ///
    /// Holes are 4-connected, the counterpart of 8-connected regions. Pixels of other regions inside a hole count as hole.
    static func filled(_ pixels: RunLengths, maximumArea: Int) -> RunLengths {
        guard maximumArea > 0, let box = pixels.boundingBox else { return pixels }
        var labeller = RunLabeller(connectivity: .four)
        var background: [RunLabeller.Component] = []
        var nextRun = 0
        for row in box.y..<box.endY {
            var gaps: [PixelRun] = []
            var x = box.x
            while nextRun < pixels.runs.count && pixels.runs[nextRun].row == row {
                let run = pixels.runs[nextRun]
                if run.start > x { gaps.append(PixelRun(row: row, start: x, length: run.start - x)) }
                x = run.end
                nextRun += 1
            }
            if x < box.endX { gaps.append(PixelRun(row: row, start: x, length: box.endX - x)) }
            let runs = gaps.map { RunLabeller.WeightedRun(run: $0, maximumProbability: 0, probabilitySum: 0) }
            background += labeller.add(runs, row: row)
        }
        background += labeller.finish()
        let holes = background.map(\.runs).filter { runs in
            runs.reduce(0) { $0 + $1.length } <= maximumArea && runs.allSatisfy { isInner($0, of: box) }
        }
        return holes.isEmpty ? pixels : RunLengths(joining: pixels.runs + holes.joined())
    }

    /// Whether a run keeps off the edges of the box; what reaches one is the outside.
    private static func isInner(_ run: PixelRun, of box: PixelWindow) -> Bool {
        run.row > box.y && run.row < box.endY - 1 && run.start > box.x && run.end < box.endX
    }
}
