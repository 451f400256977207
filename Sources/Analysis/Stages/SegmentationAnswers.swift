import Findings

/// What a segmentation network's answers for a scan were like.
struct SegmentationAnswers {
    /// Smallest and largest probability of each class; empty ranges where no tile was seen.
    private var lowest: [Float]
    private var highest: [Float]
    private var glass = 0.0
    private var tiles = 0

    /// A share of glass that no wrongly drawn border of the tissue explains.
    private static let unmistakableGlass = 0.1

    init(classes: Int) {
        lowest = [Float](repeating: .infinity, count: classes)
        highest = [Float](repeating: -.infinity, count: classes)
    }

    /// - Parameters:
    ///   - probabilities: a tile's, `[K, H, W]`.
    ///   - tissueShare: of the tile, from 0 to 1.
    mutating func include(_ probabilities: [Float], tissueShare: Double) {
        let plane = probabilities.count / lowest.count
        probabilities.withUnsafeBufferPointer { values in
            for index in lowest.indices {
                var (smallest, largest) = (lowest[index], highest[index])
                for value in values[index * plane..<(index + 1) * plane] {
                    smallest = min(smallest, value)
                    largest = max(largest, value)
                }
                (lowest[index], highest[index]) = (smallest, largest)
            }
        }
        glass += 1 - tissueShare
        tiles += 1
    }

    /// A network that says the same of everything, or that glass is tissue, is not to be believed about the rest.
    func refuseDegenerate(threshold: Float, structures: [Int]) throws(AnalysisFailure) {
        guard tiles > 0 else { return }
        if lowest == highest {
            let values = lowest.map { "\($0)" }.joined(separator: ", ")
            throw AnalysisFailure(
                stage: .segment, code: .degenerateOutput,
                message: "the segmentation network answered \(values) for every pixel")
        }
        if glass / Double(tiles) > Self.unmistakableGlass, structures.contains(where: { lowest[$0] >= threshold }) {
            throw AnalysisFailure(
                stage: .segment, code: .degenerateOutput,
                message: "the segmentation network marked everything, glass too")
        }
    }
}
