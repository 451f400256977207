import Listings

/// What masks and outlines look like taken together, which one alone may by chance.
public struct ForegroundDoubts: Sendable {
    /// How many outlines of each class were drawn.
    public private(set) var outlines: [String: Int] = [:]
    /// How many of each class do not count, where some were asked for.
    public private(set) var uncounted: [String: Int] = [:]
    /// Scans with outlines, and those whose all lie in the upper left quarter.
    private var (outlined, inQuarter) = (0, 0)
    /// Scans that the truth marks something of, and those that it marks wholly.
    private var (marked, full) = (0, 0)

    /// Scans of which all outlines lie in one quarter by chance: a 64th of the time where each has one.
    static let leastOutlined = 3

    public init() {}

    public mutating func add(_ foreground: TrueForeground) {
        outlines.merge(foreground.outlines, uniquingKeysWith: +)
        uncounted.merge(foreground.uncounted, uniquingKeysWith: +)
        if !foreground.outlines.isEmpty { outlined += 1 }
        if foreground.liesInUpperLeftQuarter { inQuarter += 1 }
        let count = foreground.pixels.pixelCount
        if count > 0 { marked += 1 }
        if count == foreground.width * foreground.height { full += 1 }
    }

    /// Why the truth may be none.
    public var sentences: [String] {
        var sentences: [String] = []
        if outlines.isEmpty, !uncounted.isEmpty {
            sentences.append("no outline has the class that was asked for: there are \(uncounted.counted)")
        }
        if full > 0, full == marked {
            sentences.append(
                "every label (of \(marked.counting("scan"))) marks every pixel: what is not 0 is the structure, so write 0 where it is not"
            )
        }
        if outlined >= Self.leastOutlined, inQuarter == outlined {
            sentences.append(
                "all outlines of \(outlined.counting("scan")) lie in the upper left quarter: write them in pixels of the full resolution"
            )
        }
        return sentences
    }
}

extension [String: Int] {
    /// For people: `4 gland, 2 Tissue`.
    package var counted: String {
        sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.printable)" }.joined(separator: ", ")
    }
}
