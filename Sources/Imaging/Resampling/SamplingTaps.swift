/// Which samples along one axis make each new sample, and with what weights.
struct SamplingTaps: Sendable {
    /// How new samples between old ones are made.
    enum Interpolation: Sendable {
        case linear
        /// Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5 (Catmull and Rom).
        case cubic
    }

    /// The first old sample of each new one.
    private(set) var starts: [Int] = []
    /// Where the weights of each new sample begin, and behind the last where they end.
    private(set) var offsets: [Int] = [0]
    private(set) var weights: [Float] = []

    /// - Parameters:
    ///   - outputs: the new samples wanted, of `newLength` along the whole axis.
    ///   - length: number of old samples along the whole axis. Both axes have the same ends, so a new sample is
    ///     `length / newLength` old ones wide: above 1, it is the mean of those it covers; below, it is interpolated.
    ///   - extent: where the new samples end, in old ones, if not where these do: less than one before or behind.
    init(outputs: Range<Int>, newLength: Int, length: Int, extent: Double? = nil, interpolation: Interpolation) {
        let extent = extent ?? Double(length)
        precondition(abs(extent - Double(length)) < 1, "the samples end elsewhere")
        let scale = extent / Double(newLength)
        for output in outputs {
            if scale > 1 {
                addMean(from: Double(output) * scale, to: Double(output + 1) * scale, length: length)
            } else {
                addInterpolation(at: (Double(output) + 0.5) * scale - 0.5, length: length, interpolation)
            }
        }
    }

    /// The old samples that are needed.
    var sources: Range<Int> {
        guard let first = starts.first else { return 0..<0 }
        var (lower, upper) = (first, first)
        for (index, start) in starts.enumerated() {
            lower = min(lower, start)
            upper = max(upper, start + offsets[index + 1] - offsets[index])
        }
        return lower..<upper
    }

    /// Behind the last old sample of a new one.
    func end(of output: Int) -> Int { starts[output] + offsets[output + 1] - offsets[output] }

    private mutating func addMean(from start: Double, to end: Double, length: Int) {
        let first = Int(start)
        let last = max(first, min(length, Int(end.rounded(.up))) - 1)
        let shares = (first...last).map { max(0, min(end, Double($0 + 1)) - max(start, Double($0))) }
        add(start: first, shares)
    }

    private mutating func addInterpolation(at position: Double, length: Int, _ interpolation: Interpolation) {
        let below = Int(position.rounded(.down))
        let fraction = position - Double(below)
        let (first, kernel): (Int, [Double]) =
            switch interpolation {
            case .linear: (below, [1 - fraction, fraction])
            case .cubic: (below - 1, Self.cubicKernel(fraction))
            }
        // Beyond the ends the last sample goes on.
        let indices = kernel.indices.map { min(length - 1, max(0, first + $0)) }
        let lowest = indices.reduce(length, min)
        var folded = [Double](repeating: 0, count: indices.reduce(0, max) - lowest + 1)
        for (index, weight) in zip(indices, kernel) { folded[index - lowest] += weight }
        add(start: lowest, folded)
    }

    private mutating func add(start: Int, _ shares: [Double]) {
        let sum = shares.reduce(0, +)
        starts.append(start)
        weights += shares.map { Float($0 / sum) }
        offsets.append(weights.count)
    }

    private static func cubicKernel(_ t: Double) -> [Double] {
        let (t2, t3) = (t * t, t * t * t)
        return [
            -0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1, -1.5 * t3 + 2 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2,
        ]
    }
}
