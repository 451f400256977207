import FindingStore
import FoundationEssentials
import Listings

/// What the runs of one pipeline's name measured in the weeks before a run, and in it.
struct History {
    /// One run with what it measured.
    struct Night {
        let run: Int64
        /// Of its last analysis.
        fileprivate(set) var at: Timestamp
        fileprivate(set) var scans = 0
        /// By name, each scan's.
        fileprivate(set) var measures: [String: [Double]] = [:]
        fileprivate(set) var confidences: [Double] = []
        /// Of scans by their grade.
        fileprivate(set) var labels: [String: Int] = [:]

        var labelled: Int { labels.values.reduce(0, +) }
    }

    /// The oldest first; the last one is the run that was asked for, if it analysed anything.
    private(set) var nights: [Night] = []

    static let weeks = 8

    /// Of nothing.
    init() {}

    /// - Parameter run: the last one; nil for all that there are.
    init(_ store: FindingStore, pipeline: String, upTo run: RunSummary?) throws {
        guard let last = try run ?? store.runs().last else { return }
        let newest = Timestamp(last.run.startedAt)
        let oldest = Timestamp(newest.date - Double(Self.weeks * 7 * 86_400))
        try store.forEachMeasuredAnalysis(pipeline: pipeline, since: oldest, upTo: run?.id) { analysis in
            if nights.last?.run != analysis.run { nights.append(Night(run: analysis.run, at: analysis.at)) }
            let index = nights.count - 1
            nights[index].at = analysis.at
            nights[index].scans += 1
            for (name, value) in analysis.quality { nights[index].measures[name, default: []].append(value) }
            guard let grade = analysis.grade else { return }
            nights[index].confidences.append(grade.confidence)
            nights[index].labels[grade.label, default: 0] += 1
        }
    }

    var scans: Int { nights.reduce(0) { $0 + $1.scans } }

    var measures: [String] { Set(nights.flatMap(\.measures.keys)).sorted() }

    var labels: [String] { Set(nights.flatMap(\.labels.keys)).sorted() }

    /// Of a measure over all scans of all nights.
    func spread(of measure: String) -> Spread? {
        Spread(nights.flatMap { $0.measures[measure] ?? [] }, leastDeviation: MeasureName.leastDeviation(of: measure))
    }

    /// A number for each night that has one.
    func trend(leastDeviation: @escaping (Double) -> Double, _ value: (Night) -> Double?) -> Trend {
        Trend(
            leastDeviation: leastDeviation,
            points: nights.compactMap { night in
                value(night).map { Trend.Point(at: night.at, run: night.run, value: $0) }
            })
    }
}

/// A number a night, and whether the last one is where those before it were: a control chart (Shewhart, 1931), whose limits
/// are three standard deviations off the middle of the nights before.
struct Trend {
    struct Point {
        let at: Timestamp
        let run: Int64
        let value: Double
    }

    /// Of the nights' numbers, by their median.
    let leastDeviation: (Double) -> Double
    let points: [Point]

    enum Verdict { case within, above, below }

    /// Where the last night is expected; nil where too few were before it.
    var band: ClosedRange<Double>? {
        guard let spread = Spread(points.dropLast().map(\.value), leastDeviation: leastDeviation) else { return nil }
        return spread.median - 3 * spread.deviation...spread.median + 3 * spread.deviation
    }

    var verdict: Verdict? {
        guard let band, let last = points.last else { return nil }
        return last.value > band.upperBound ? .above : last.value < band.lowerBound ? .below : .within
    }
}
