/// Finds the regions of a probability map from its blocks as they come, each whole however many tiles it spans.
///
/// A region is a set of 8-connected pixels whose probability reaches the threshold. It is handed out with the first row that
/// cannot belong to it any more; regions that end in the same row come in order of their first pixel. So the order is
/// always the same. Memory grows with the regions that are open: of a block, only its runs are kept.
public struct RegionExtractor: Sendable {
    /// What counts as a region.
    public struct Options: Sendable, Hashable {
        /// Pixels of at least this probability belong to regions.
        public let threshold: Float
        /// Regions of fewer pixels, holes filled, are dropped.
        public let minimumArea: Int
        /// Holes of at most so many pixels are filled. At most `minimumArea`, so that a region inside a hole that is filled is
        /// one that is dropped.
        public let maximumHoleArea: Int
        /// Runs of open regions that are held, at most: a bound on memory where the network answers noise.
        public let maximumOpenRuns: Int

        /// - Throws: `ImagingError.invalidParameter`.
        public init(
            threshold: Float, minimumArea: Int = 1, maximumHoleArea: Int = 0, maximumOpenRuns: Int = 20_000_000
        ) throws(ImagingError) {
            guard threshold > 0, threshold <= 1 else {
                throw .invalidParameter(name: "threshold", reason: "\(threshold) is not above 0 and at most 1")
            }
            guard minimumArea >= 1 else {
                throw .invalidParameter(name: "minimum area", reason: "\(minimumArea) is less than 1 pixel")
            }
            guard (0...minimumArea).contains(maximumHoleArea) else {
                throw .invalidParameter(
                    name: "maximum hole area", reason: "\(maximumHoleArea) is not within 0...\(minimumArea)")
            }
            guard maximumOpenRuns >= 1 else {
                throw .invalidParameter(name: "maximum open runs", reason: "\(maximumOpenRuns) is less than 1")
            }
            self.threshold = threshold
            self.minimumArea = minimumArea
            self.maximumHoleArea = maximumHoleArea
            self.maximumOpenRuns = maximumOpenRuns
        }
    }

    public let width: Int
    public let options: Options
    private var labeller = RunLabeller()
    /// The rows from `nextRow` on, as far as their blocks have come.
    private var unfinished: [Row] = []
    private var unfinishedRunCount = 0
    private var nextRow = 0

    private struct Row {
        var runs: [RunLabeller.WeightedRun] = []
        /// How far it is filled.
        var end = 0
    }

    /// - Parameter width: of the map, in pixels.
    public init(width: Int, options: Options) {
        self.width = width
        self.options = options
    }

    /// Takes the next block and returns the regions that it closes.
    ///
    /// - Precondition: the blocks of a row come from left to right without a gap.
    /// - Throws: `ImagingError.limitExceeded` where more runs are open than the options allow.
    public mutating func add(_ block: ProbabilityBlock) throws(ImagingError) -> [Region] {
        precondition(block.rows.lowerBound >= nextRow, "a row has come before")
        while nextRow + unfinished.count < block.rows.upperBound { unfinished.append(Row()) }
        for row in block.rows {
            let index = row - nextRow
            precondition(unfinished[index].end == block.columns.lowerBound, "a block is missing")
            unfinished[index].end = block.columns.upperBound
            if let values = block.values { appendRuns(of: values, in: block, row: row, to: index) }
        }
        try checkRunCount()
        var regions: [Region] = []
        let finished = unfinished.prefix { $0.end == width }
        for row in finished {
            regions += labeller.add(row.runs, row: nextRow).compactMap(region)
            unfinishedRunCount -= row.runs.count
            nextRow += 1
            try checkRunCount()
        }
        unfinished.removeFirst(finished.count)
        return regions
    }

    private func checkRunCount() throws(ImagingError) {
        let count = labeller.openRunCount + unfinishedRunCount
        guard count <= options.maximumOpenRuns else {
            throw .limitExceeded(what: "number of runs in open regions", value: count, limit: options.maximumOpenRuns)
        }
    }

    /// The regions that reach the last row. The extractor is empty afterwards and can take another map.
    public mutating func finish() -> [Region] {
        precondition(unfinished.isEmpty, "a block is missing")
        nextRow = 0
        return labeller.finish().compactMap(region)
    }

    private mutating func appendRuns(of values: [Float], in block: ProbabilityBlock, row: Int, to index: Int) {
        let threshold = options.threshold
        let width = block.columns.count
        values.withUnsafeBufferPointer { values in
            let first = (row - block.rows.lowerBound) * width
            var x = 0
            while x < width {
                guard values[first + x] >= threshold else {
                    x += 1
                    continue
                }
                let start = x
                var sum = 0.0
                var maximum: Float = 0
                while x < width && values[first + x] >= threshold {
                    sum += Double(values[first + x])
                    maximum = max(maximum, values[first + x])
                    x += 1
                }
                let run = PixelRun(row: row, start: block.columns.lowerBound + start, length: x - start)
                append(.init(run: run, maximumProbability: maximum, probabilitySum: sum), to: index)
            }
        }
    }

    /// A run that goes on where the one of the block before ends is one with it.
    private mutating func append(_ next: RunLabeller.WeightedRun, to index: Int) {
        guard let last = unfinished[index].runs.last, last.run.end == next.run.start else {
            unfinished[index].runs.append(next)
            unfinishedRunCount += 1
            return
        }
        unfinished[index].runs[unfinished[index].runs.count - 1] = .init(
            run: PixelRun(row: last.run.row, start: last.run.start, length: next.run.end - last.run.start),
            maximumProbability: max(last.maximumProbability, next.maximumProbability),
            probabilitySum: last.probabilitySum + next.probabilitySum)
    }

    private func region(_ component: RunLabeller.Component) -> Region? {
        let marked = RunLengths(ordered: component.runs.sorted())
        let pixels = HoleFilling.filled(marked, maximumArea: options.maximumHoleArea)
        guard pixels.pixelCount >= options.minimumArea else { return nil }
        return Region(
            pixels: pixels, meanProbability: component.probabilitySum / Double(marked.pixelCount),
            maximumProbability: Double(component.maximumProbability))
    }
}
