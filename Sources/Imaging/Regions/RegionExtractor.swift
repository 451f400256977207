/// Finds the regions of a probability map from its rows as they come, each whole however many tiles it spans.
///
/// A region is a set of 8-connected pixels whose probability reaches the threshold. It is handed out with the first row that
/// cannot belong to it any more; regions that end in the same row come in order of their first pixel. So the order is
/// always the same, and `Region.precedes` turns it into that of listings. Memory grows with the regions that are open.
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

    public let options: Options
    private var labeller = RunLabeller()
    private var nextRow = 0

    public init(options: Options) {
        self.options = options
    }

    /// Takes the next rows and returns the regions that they close.
    ///
    /// - Precondition: bands come top to bottom without a gap.
    /// - Throws: `ImagingError.limitExceeded` where more runs are open than the options allow.
    public mutating func add(_ band: ProbabilityBand) throws(ImagingError) -> [Region] {
        precondition(band.y == nextRow, "a band is missing")
        var regions: [Region] = []
        for row in 0..<band.rows {
            let runs = runs(of: band, row: row)
            regions += labeller.add(runs, row: band.y + row).compactMap(region)
            guard labeller.openRunCount <= options.maximumOpenRuns else {
                throw .limitExceeded(
                    what: "number of runs in open regions", value: labeller.openRunCount, limit: options.maximumOpenRuns
                )
            }
        }
        nextRow += band.rows
        return regions
    }

    /// The regions that reach the last row. The extractor is empty afterwards and can take another map.
    public mutating func finish() -> [Region] {
        nextRow = 0
        return labeller.finish().compactMap(region)
    }

    private func runs(of band: ProbabilityBand, row: Int) -> [RunLabeller.WeightedRun] {
        let threshold = options.threshold
        var runs: [RunLabeller.WeightedRun] = []
        for block in band.blocks {
            let width = block.columns.count
            block.values.withUnsafeBufferPointer { values in
                let first = row * width
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
                    let run = PixelRun(
                        row: band.y + row, start: block.columns.lowerBound + start, length: x - start)
                    runs.append(
                        RunLabeller.WeightedRun(run: run, probabilitySum: sum, maximumProbability: maximum))
                }
            }
        }
        return runs
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
