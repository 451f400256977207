/// How losses went, for the curves and for the end.
public struct LearningHistory: Sendable, Hashable, Codable {
    /// Of so many steps.
    public struct Point: Sendable, Hashable, Codable {
        public let step: Int
        public let loss: Double
        /// Of a detection on the scans to try on, F1 at an intersection over union of 0.5.
        public let f1: Double?

        public init(step: Int, loss: Double, f1: Double? = nil) {
            self.step = step
            self.loss = loss
            self.f1 = f1
        }

        /// Where objects are found, how well; the loss where that is the same, or nothing is found.
        fileprivate func isBetter(than other: Point) -> Bool { (-(f1 ?? 0), loss) < (-(other.f1 ?? 0), other.loss) }
    }

    /// The mean losses of the steps since the point before, each seen while learning.
    public internal(set) var learned: [Point] = []
    /// On the scans to try on, by the averaged weights.
    public internal(set) var tried: [Point] = []
    private var sum = 0.0
    private var count = 0

    public init() {}

    /// Takes a step's loss, and makes a point of those since the last where that is wanted.
    mutating func add(_ loss: Double, step: Int, makesPoint: Bool) {
        sum += loss
        count += 1
        guard makesPoint else { return }
        learned.append(Point(step: step, loss: sum / Double(count)))
        (sum, count) = (0, 0)
    }

    /// The mean of the last losses.
    var recent: Double { count > 0 ? sum / Double(count) : learned.last?.loss ?? 0 }

    /// Whether the last look was the best.
    var isBest: Bool { tried.last.map { last in tried.dropLast().allSatisfy(last.isBetter) } ?? false }

    /// How many looks there were since the best.
    var looksSinceBest: Int {
        let best = tried.indices.min { tried[$0].isBetter(than: tried[$1]) } ?? 0
        return max(0, tried.count - 1 - best)
    }
}
