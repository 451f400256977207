import Findings
import Imaging

/// What a detection network's numbers mean: each form of answer has one.
protocol ObjectDecoder: Sendable {
    /// - Parameter answers: in the order of the card's outputs, each as the graph lays it out.
    func objects(in answers: [[Float]], of tile: DetectionTile) throws(AnalysisFailure) -> DecodedTile
}

/// What a tile's answer holds.
struct DecodedTile: Sendable {
    /// Objects whose place is the tile's own.
    private(set) var candidates: [ObjectCandidate] = []
    /// How many had a box that no object has: without an extent, or larger than two tiles.
    private(set) var impossible = 0
    /// How far the farthest of those that reach out of the tile goes from its place, in pixels.
    private(set) var farthestCut: Float = 0
    /// Of all scores, also of those below the threshold.
    private(set) var scores: ClosedRange<Float>?

    /// So many in one tile are no objects.
    private static let maximumCandidates = 1 << 16

    init(scores: some Collection<Float>) {
        guard var lowest = scores.first else { return }
        var highest = lowest
        for score in scores {
            lowest = min(lowest, score)
            highest = max(highest, score)
        }
        self.scores = lowest...highest
    }

    mutating func rejectImpossible() { impossible += 1 }

    /// Takes a candidate that can be one.
    ///
    /// - Throws: `limit`.
    mutating func add(_ candidate: ObjectCandidate, in tile: DetectionTile) throws(AnalysisFailure) {
        let bounds = candidate.bounds
        let farthest = max(
            max(candidate.x - bounds.left, bounds.right - candidate.x),
            max(candidate.y - bounds.top, bounds.bottom - candidate.y))
        guard bounds.left < bounds.right, bounds.top < bounds.bottom, farthest <= tile.reach else {
            impossible += 1
            return
        }
        if tile.cuts(bounds) { farthestCut = max(farthestCut, farthest) }
        guard candidates.count < Self.maximumCandidates else {
            throw AnalysisFailure(
                stage: .detect, code: .limit,
                message:
                    "the network found more than \(Self.maximumCandidates) objects in a tile: raise the stage's threshold"
            )
        }
        candidates.append(candidate)
    }
}

/// The cells of a map that an output is.
struct CellMap {
    let columns: Int
    let rows: Int
    /// Pixels of a cell.
    let reduction: Int
    /// Those whose upper left corner is the tile's own.
    let ownColumns: Range<Int>
    let ownRows: Range<Int>

    init(_ tile: DetectionTile, reduction: Int) {
        self.reduction = reduction
        columns = tile.window.width / reduction
        rows = tile.window.height / reduction
        // What lies outside of the scan is a mirror image.
        func own(_ range: Range<Float>, origin: Int, count: Int, scan: Int) -> Range<Int> {
            let first = (Int(range.lowerBound) - origin) / reduction
            let end = (min(Int(range.upperBound), scan) - origin + reduction - 1) / reduction
            return max(0, first)..<max(max(0, first), min(count, end))
        }
        ownColumns = own(tile.columns, origin: tile.window.x, count: columns, scan: tile.scanWidth)
        ownRows = own(tile.rows, origin: tile.window.y, count: rows, scan: tile.scanHeight)
    }

    var count: Int { rows * columns }
}
