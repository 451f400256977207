import NeuralNetworks

/// How a network is trained.
public struct LearningSettings: Sendable, Hashable {
    public enum Length: Sendable, Hashable {
        /// Times that each tile is seen.
        case epochs(Int)
        /// As many steps as the first ones show there to be room for.
        case time(Duration)
    }

    public var length: Length
    /// Tiles that go through the network at once.
    public var batch: Int
    /// Batches of a step, whose gradients are averaged: what memory has no room for as one.
    public var accumulate: Int
    /// The highest.
    public var rate: Float
    /// Of the changes that tiles go through; 1 is what the shipped models were first trained with, 0 mirrors and turns alone.
    public var augmentation: Float
    /// Looks at the scans to try on without a lower loss, after which it ends, with the weights of the lowest; nil for never.
    public var patience: Int?
    public var seed: UInt64
    public var threads: Int
    /// In which convolutions multiply.
    public var precision: Precision

    public init(
        length: Length = .epochs(10), batch: Int = 16, accumulate: Int = 1, rate: Float = usualRate,
        augmentation: Float = 0.8, patience: Int? = nil, seed: UInt64 = 0, threads: Int = 1,
        precision: Precision = .float32
    ) {
        self.length = length
        self.batch = batch
        self.accumulate = accumulate
        self.rate = rate
        self.augmentation = augmentation
        self.patience = patience
        self.seed = seed
        self.threads = threads
        self.precision = precision
    }

    /// The highest, from weights that were learned already.
    public static let usualRate: Float = 3e-4
    static let decay: Float = 0.01
    static let gradientLimit = 5.0
    static let momentum: Float = 0.1
    static let warmUp = 20
    /// By which the time of all is judged, where a time is given.
    static let measuredSteps = 4
    /// Looks at the scans to try on, and points of the curve of losses.
    static let (looks, points) = (20, 200)

    /// All that the weights depend on; how many threads there are does not count.
    var identity: String {
        "\(length) batch \(batch) x \(accumulate) rate \(rate) augmentation \(augmentation) "
            + "patience \(patience ?? 0) seed \(seed)" + (precision == .float32 ? "" : " \(precision.rawValue)")
    }
}

/// How a training gets on.
public struct LearningProgress: Sendable, Hashable {
    public let step: Int
    /// 0 until it is known.
    public let steps: Int
    /// The mean of the losses since the last time.
    public let loss: Double
    /// On the scans to try on, at the last look; nil before it.
    public let triedLoss: Double?
    /// Of a detection, F1 there.
    public let triedF1: Double?
    public let tilesPerSecond: Double
    public let timeLeft: Duration?
}
