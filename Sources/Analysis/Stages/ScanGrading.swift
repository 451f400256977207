/// How the grades of a scan's tiles become the scan's.
public enum ScanGrading: Sendable, Hashable {
    /// Their mean, by what each tile counts.
    case mean
    /// The mean of so many tiles: of those least like the background; where classes do not exclude each other, of those in
    /// which each class is most probable.
    case top(Int)
    /// For each class the share of tiles, by what each counts, in which it is the most probable; where classes do not exclude
    /// each other, in which it has a half or more.
    case share

    /// - Parameter tiles: the classes' probabilities in each tile, and how much it counts.
    /// - Returns: nil where no tile counts.
    package func grade(
        _ tiles: [(vector: [Double], weight: Double)], background: Int?, isMultiLabel: Bool
    ) -> [Double]? {
        guard let classes = tiles.first?.vector.count else { return nil }
        switch self {
        case .mean: return RegionGrades.weightedMean(tiles)
        case .top(let count):
            let vectors = tiles.map(\.vector)
            guard let background, !isMultiLabel else {
                return (0..<classes).map { index in Self.mean(vectors.map { $0[index] }.sorted(by: >).prefix(count)) }
            }
            let chosen = vectors.sorted { $0[background] < $1[background] }.prefix(count)
            return (0..<classes).map { index in Self.mean(chosen.map { $0[index] }[...]) }
        case .share:
            return RegionGrades.weightedMean(
                tiles.map { tile in
                    let best = tile.vector.max() ?? 0
                    let first = tile.vector.firstIndex(of: best)
                    let votes = tile.vector.enumerated().map { index, value in
                        (isMultiLabel ? value >= 0.5 : index == first) ? 1.0 : 0
                    }
                    return (votes, tile.weight)
                })
        }
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
}
