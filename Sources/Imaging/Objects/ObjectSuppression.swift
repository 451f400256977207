/// Of objects that overlap, keeps the most probable: greedy non-maximum suppression, over rows of tiles as they come.
///
/// The result is that of all candidates taken at once by falling probability, each kept unless it overlaps one that was kept
/// by more than the limit. A candidate is decided once no later row can hold one that it meets, and all that outrank it and
/// that it meets are decided; so memory is that of the candidates within two reaches of the last row, not of the scan.
public struct ObjectSuppression: Sendable {
    /// Two objects that overlap by more are one: intersection over union, from 0 to 1.
    public let limit: Double
    /// Whether objects of different classes suppress each other too.
    public let acrossClasses: Bool
    /// How far an object's box may lie from the place that the network found it at, in pixels.
    public let reach: Float
    private var waiting: [ObjectCandidate] = []

    /// How many may wait for their decision: beyond that, the network finds objects everywhere.
    public static let maximumWaiting = 1_000_000
    /// Side of the squares that candidates are looked up by, in pixels.
    private static let cellSide: Float = 64

    public init(limit: Double, acrossClasses: Bool, reach: Float) {
        self.limit = limit
        self.acrossClasses = acrossClasses
        self.reach = reach
    }

    /// - Throws: `ImagingError.limitExceeded`.
    public mutating func add(_ candidates: [ObjectCandidate]) throws(ImagingError) {
        waiting += candidates
        guard waiting.count <= Self.maximumWaiting else {
            throw .limitExceeded(
                what: "the number of objects that overlap or may", value: waiting.count, limit: Self.maximumWaiting)
        }
    }

    /// Decides what can be decided.
    ///
    /// - Parameter row: all candidates whose place lies above it have been added.
    /// - Returns: those that stay, which no later one changes; by falling probability.
    public mutating func settle(above row: Float) -> [ObjectCandidate] {
        let complete = row - reach
        var kept = Neighbours(cellSide: Self.cellSide)
        var open = Neighbours(cellSide: Self.cellSide)
        var undecided: [ObjectCandidate] = []
        for candidate in waiting.sorted(by: { $0.outranks($1) }) {
            if kept.contains(where: { suppresses($0, candidate) }, near: candidate) { continue }
            if candidate.bounds.bottom > complete
                || open.contains(where: { suppresses($0, candidate) }, near: candidate)
            {
                open.insert(candidate)
                undecided.append(candidate)
            } else {
                kept.insert(candidate)
            }
        }
        waiting = undecided
        return kept.candidates
    }

    /// Those that stay of all that are left.
    public mutating func finish() -> [ObjectCandidate] { settle(above: .infinity) }

    private func suppresses(_ first: ObjectCandidate, _ second: ObjectCandidate) -> Bool {
        (acrossClasses || first.classIndex == second.classIndex) && first.intersectionOverUnion(second) > limit
    }
}

/// Candidates by the squares of the plane that their boxes touch.
private struct Neighbours {
    private struct Cell: Hashable {
        let column: Int32
        let row: Int32
    }

    private(set) var candidates: [ObjectCandidate] = []
    private var indices: [Cell: [Int]] = [:]
    private let cellSide: Float

    init(cellSide: Float) { self.cellSide = cellSide }

    mutating func insert(_ candidate: ObjectCandidate) {
        for cell in cells(of: candidate.bounds) { indices[cell, default: []].append(candidates.count) }
        candidates.append(candidate)
    }

    func contains(where isMet: (ObjectCandidate) -> Bool, near candidate: ObjectCandidate) -> Bool {
        cells(of: candidate.bounds).contains { cell in
            indices[cell]?.contains { isMet(candidates[$0]) } ?? false
        }
    }

    private func cells(of bounds: ObjectCandidate.Bounds) -> [Cell] {
        func range(_ low: Float, _ high: Float) -> ClosedRange<Int32> {
            let first = Int32((low / cellSide).rounded(.down))
            return first...max(first, Int32((high / cellSide).rounded(.down)))
        }
        let columns = range(bounds.left, bounds.right)
        return range(bounds.top, bounds.bottom).flatMap { row in columns.map { Cell(column: $0, row: row) } }
    }
}
