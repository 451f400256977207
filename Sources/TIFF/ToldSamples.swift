/// The least and the greatest sample value that a file tells of: tags 340 and 341, else 280 and 281.
struct ToldSamples: Sendable, Hashable {
    var least: Double?
    var greatest: Double?

    /// The bits of the greatest, be it 4095, 4096 or one that occurs.
    var significantBits: Int? {
        guard let greatest, let value = Int64(exactly: greatest.rounded(.up)), value > 1 else { return nil }
        return Int64.bitWidth - (value - 1).leadingZeroBitCount
    }

    /// Between which values the samples lie, if the file is right.
    var bounds: ClosedRange<Double> {
        let lowest = least ?? 0
        return lowest...max(lowest, greatest ?? .infinity)
    }

    /// What is black and white where that is no depth: it begins elsewhere than at 0, or ends where no camera's does.
    ///
    /// - Parameter bits: that the samples have, where the file does not tell the greatest.
    func range(ofBits bits: Int) -> ClosedRange<Double>? {
        let (lowest, highest) = (least ?? 0, greatest ?? SampleRange.greatest(bits))
        let isDepth = significantBits.map { SampleDepths.usual(atLeast: $0) == $0 } ?? true
        guard lowest < highest, lowest != 0 || !isDepth else { return nil }
        return lowest...highest
    }
}
