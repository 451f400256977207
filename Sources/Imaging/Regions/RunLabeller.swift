/// Groups the runs of one row after another into connected components, and hands out each component once no later row can
/// belong to it. Memory grows with the components that are still open.
///
/// A union-find over runs (Rosenfeld and Pfaltz 1966; He, Chao and Suzuki 2008).
struct RunLabeller: Sendable {
    /// Which pixels belong together.
    enum Connectivity: Sendable {
        /// Those that share an edge.
        case four
        /// Those that share an edge or a corner.
        case eight
    }

    /// A component, with what was summed up of its pixels' probabilities.
    struct Component: Sendable {
        /// In no order.
        var runs: [PixelRun]
        var probabilitySum: Double
        var maximumProbability: Float
        /// The last row that holds a pixel.
        fileprivate var lastRow: Int

        /// Top, and leftmost in it.
        fileprivate var firstRun: PixelRun
    }

    /// A run of the row at hand, with its share of the sums.
    struct WeightedRun: Sendable {
        var run: PixelRun
        var maximumProbability: Float
        var probabilitySum: Double
    }

    /// How far beyond its ends a run touches runs of the next row.
    private let reach: Int
    private var parents: [Int] = []
    private var components: [Component?] = []
    private var free: [Int] = []
    private var above: [(run: PixelRun, component: Int)] = []

    /// Runs held in open components.
    private(set) var openRunCount = 0

    init(connectivity: Connectivity = .eight) {
        reach = connectivity == .eight ? 1 : 0
    }

    /// Adds a row, and returns the components that it closes, ordered by their first pixel (row, then column).
    ///
    /// - Precondition: the runs are of one row, in order, and rows are added top to bottom; rows without runs are added too.
    mutating func add(_ runs: [WeightedRun], row: Int) -> [Component] {
        var current: [(run: PixelRun, component: Int)] = []
        current.reserveCapacity(runs.count)
        var merged: [Int] = []
        var candidate = 0
        for weighted in runs {
            let run = weighted.run
            while candidate < above.count && above[candidate].run.end + reach <= run.start { candidate += 1 }
            var component: Int?
            var touching = candidate
            while touching < above.count && above[touching].run.start < run.end + reach {
                let root = root(of: above[touching].component)
                if let known = component {
                    if known != root { component = unite(known, root, merged: &merged) }
                } else {
                    component = root
                }
                touching += 1
            }
            let owner = component ?? open(at: run)
            append(weighted, to: owner)
            current.append((run, owner))
        }
        openRunCount += runs.count
        let closed = close(before: row)
        above = current.map { ($0.run, root(of: $0.component)) }
        free += merged
        return closed
    }

    /// The components still open, ordered by their first pixel.
    mutating func finish() -> [Component] {
        let closed = close(before: Int.max)
        above = []
        return closed
    }

    private mutating func close(before row: Int) -> [Component] {
        var closed: [Component] = []
        for (_, component) in above {
            let root = root(of: component)
            guard let open = components[root], open.lastRow < row else { continue }
            openRunCount -= open.runs.count
            closed.append(open)
            components[root] = nil
            free.append(root)
        }
        return closed.sorted { $0.firstRun < $1.firstRun }
    }

    private func root(of component: Int) -> Int {
        var root = component
        while parents[root] != root { root = parents[root] }
        return root
    }

    private mutating func open(at run: PixelRun) -> Int {
        let component = Component(
            runs: [], probabilitySum: 0, maximumProbability: -.infinity, lastRow: run.row, firstRun: run)
        if let reused = free.popLast() {
            parents[reused] = reused
            components[reused] = component
            return reused
        }
        parents.append(parents.count)
        components.append(component)
        return parents.count - 1
    }

    private mutating func append(_ weighted: WeightedRun, to owner: Int) {
        components[owner]?.runs.append(weighted.run)
        components[owner]?.probabilitySum += weighted.probabilitySum
        components[owner]?.lastRow = weighted.run.row
        if let maximum = components[owner]?.maximumProbability, weighted.maximumProbability > maximum {
            components[owner]?.maximumProbability = weighted.maximumProbability
        }
    }

    /// Moves the component with fewer runs into the other, so that each run is moved a logarithmic number of times at most.
    private mutating func unite(_ first: Int, _ second: Int, merged: inout [Int]) -> Int {
        guard let one = components[first], let two = components[second] else { return first }
        let (kept, moved, source) = one.runs.count >= two.runs.count ? (first, second, two) : (second, first, one)
        components[moved] = nil
        parents[moved] = kept
        merged.append(moved)
        components[kept]?.runs += source.runs
        components[kept]?.probabilitySum = one.probabilitySum + two.probabilitySum
        components[kept]?.maximumProbability = max(one.maximumProbability, two.maximumProbability)
        components[kept]?.lastRow = max(one.lastRow, two.lastRow)
        components[kept]?.firstRun = min(one.firstRun, two.firstRun)
        return kept
    }
}
