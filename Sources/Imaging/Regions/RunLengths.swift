import Slides

/// A set of pixels as its runs: exact, and small for what is compact.
///
/// The runs are in order of row, then column; those of one row neither overlap nor touch, so equal sets have equal runs.
public struct RunLengths: Sendable, Hashable {
    public let runs: [PixelRun]

    /// No pixels.
    public init() { runs = [] }

    /// The union of the runs, which may come in any order, overlap and touch.
    public init(joining unordered: [PixelRun]) {
        var joined: [PixelRun] = []
        joined.reserveCapacity(unordered.count)
        for run in unordered.sorted() {
            guard let last = joined.last, last.row == run.row, last.end >= run.start else {
                joined.append(run)
                continue
            }
            joined[joined.count - 1] = PixelRun(
                row: run.row, start: last.start, length: max(last.end, run.end) - last.start)
        }
        runs = joined
    }

    /// - Precondition: the runs are in order, and those of one row neither overlap nor touch.
    init(ordered runs: [PixelRun]) {
        self.runs = runs
    }

    /// Number of pixels.
    public var pixelCount: Int { runs.reduce(0) { $0 + $1.length } }

    /// The smallest window that holds all pixels; nil where there are none.
    public var boundingBox: PixelWindow? {
        guard let first = runs.first, let last = runs.last else { return nil }
        var left = first.start
        var right = first.end
        for run in runs {
            left = min(left, run.start)
            right = max(right, run.end)
        }
        return PixelWindow(x: left, y: first.row, width: right - left, height: last.row - first.row + 1)
    }

    /// Whether the pixel in column `x` of row `y` is in the set; by bisection.
    public func contains(x: Int, y: Int) -> Bool {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if (runs[middle].row, runs[middle].end) <= (y, x) { low = middle + 1 } else { high = middle }
        }
        return low < runs.count && runs[low].row == y && runs[low].start <= x
    }

    /// Number of pixels that are in both sets; linear in the number of runs.
    public func intersectionCount(with other: RunLengths) -> Int {
        Self.overlapCount(runs[...], other.runs[...], rowShift: 0, columnShift: 0)
    }

    /// Pixels (x, y) of the first set for which (x + columnShift, y + rowShift) is in the second.
    static func overlapCount(
        _ first: ArraySlice<PixelRun>, _ second: ArraySlice<PixelRun>, rowShift: Int, columnShift: Int
    ) -> Int {
        var count = 0
        var one = first.startIndex
        var two = second.startIndex
        while one < first.endIndex && two < second.endIndex {
            let row = first[one].row + rowShift
            guard row == second[two].row else {
                if row < second[two].row { one += 1 } else { two += 1 }
                continue
            }
            let start = first[one].start + columnShift
            let end = first[one].end + columnShift
            count += max(0, min(end, second[two].end) - max(start, second[two].start))
            if end < second[two].end { one += 1 } else { two += 1 }
        }
        return count
    }
}
