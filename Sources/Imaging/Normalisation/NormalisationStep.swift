/// One step from a scan's colours to a network's input, as a model's card names it.
public enum NormalisationStep: Sendable, Hashable {
    /// `scale`: value × factor.
    case scale(factor: Double)
    /// `mean-std`: (value / 255 - mean) / standard deviation, of each channel.
    case meanStandardDeviation(mean: ChannelValues, standardDeviation: ChannelValues)
    /// `percentile`: each channel's `low` to `high` percentile of the scan's tissue become 0 to 1, the rest is clipped.
    case percentile(low: Double, high: Double)
    /// `reinhard`: mean and spread of the scan's tissue in a perceptual colour space become the target's.
    case reinhard(ReinhardStatistics)
    /// `macenko`: the colours of the scan's two stains and their strengths become the target's.
    case macenko(StainProfile)
    /// `clahe`: the contrast of the lightness is raised, region by region of the scan, up to a limit.
    case clahe(LocalContrastOptions)
    /// Red, green and blue become their luma (ITU-R BT.601), for networks of one channel; `colour: grey` in a card.
    case luma

    /// Whether the step maps colours to colours; else it makes the numbers that the network takes.
    public var isColour: Bool {
        switch self {
        case .scale, .meanStandardDeviation, .percentile: false
        case .reinhard, .macenko, .clahe, .luma: true
        }
    }

    /// Whether the step treats equal colours unlike at other places.
    var dependsOnPlace: Bool {
        if case .clahe = self { true } else { false }
    }

    /// Whether the step looks at the scan's tissue as a whole.
    var needsEstimate: Bool {
        switch self {
        case .scale, .meanStandardDeviation, .luma: false
        case .percentile, .reinhard, .macenko, .clahe: true
        }
    }
}

/// How `clahe` is done.
public struct LocalContrastOptions: Sendable, Hashable {
    /// Regions along each side of the scan.
    public let regions: Int
    /// How many times its mean a region's histogram may count a level; what is more is spread over all levels.
    public let clip: Double

    public static let standard = LocalContrastOptions(regions: 8, clip: 2)
}

/// A number for each of red, green and blue (or of three other axes of colour).
public struct ChannelValues: Sendable, Hashable {
    public var first: Double
    public var second: Double
    public var third: Double

    public init(_ first: Double, _ second: Double, _ third: Double) {
        (self.first, self.second, self.third) = (first, second, third)
    }

    public init(repeating value: Double) {
        self.init(value, value, value)
    }

    var all: [Double] { [first, second, third] }
}
