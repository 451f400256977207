/// How a network is trained.
public struct LearningSettings: Sendable, Hashable {
    public enum Length: Sendable, Hashable {
        /// Times that each tile is seen.
        case epochs(Int)
        /// As many steps as the first ones show there to be room for.
        case time(Duration)
    }

    public var length: Length
    /// Tiles of a step.
    public var batch: Int
    /// The highest.
    public var rate: Float
    public var seed: UInt64
    public var threads: Int

    public init(length: Length = .epochs(10), batch: Int = 16, rate: Float = 3e-4, seed: UInt64 = 0, threads: Int = 1) {
        self.length = length
        self.batch = batch
        self.rate = rate
        self.seed = seed
        self.threads = threads
    }

    static let decay: Float = 0.01
    /// Of the running mean of the weights.
    static let averageDecay: Float = 0.995
    static let gradientLimit = 5.0
    static let momentum: Float = 0.1
    static let warmUp = 20
    /// By which the time of all is judged, where a time is given.
    static let measuredSteps = 4
    static let checkpointInterval = Duration.seconds(30)

    /// All that the weights depend on; how many threads there are does not count.
    var identity: String { "\(length) batch \(batch) rate \(rate) seed \(seed)" }
}

/// How a training gets on.
public struct LearningProgress: Sendable, Hashable {
    public let step: Int
    /// 0 until it is known.
    public let steps: Int
    /// The mean of the losses since the last time.
    public let loss: Double
    public let rate: Float
    public let tilesPerSecond: Double
    public let timeLeft: Duration?
}
