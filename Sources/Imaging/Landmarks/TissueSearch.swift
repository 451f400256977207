/// Finds pictures that show the same tissue: copies and rescans, also turned, mirrored, cropped, or scaled, stained or compressed
/// otherwise.
///
/// Measured on 1,783 photographs of 279 patients: `Benchmarks/README.md`.
public struct TissueSearch: Sendable {
    /// Two pictures by the order in which they were added.
    public struct Pair: Sendable, Hashable {
        public let first: Int
        public let second: Int
        /// How the second lies in the first.
        public let shared: SharedTissue
    }

    private var pictures: [Landmarks] = []
    private let threads: Int

    /// The places that must agree.
    private static let leastPlaces = 12
    /// The share of one picture's landmarks that must lie in the other: neighbouring fields of one slide overlap by less.
    private static let leastShare = 0.9

    public init(threads: Int) { self.threads = threads }

    /// Takes some 0.1 s of a core for each, and 35 kB.
    public mutating func add(_ new: [GreyImage]) {
        pictures += concurrentMap(new.count, threads: threads) { Landmarks(of: new[$0]) }
    }

    /// Whether a picture shows enough to be known again: glass does not.
    public func isRecognisable(_ picture: Int) -> Bool { pictures[picture].count >= Self.leastPlaces }

    /// All pairs, in the order of the pictures.
    ///
    /// Holds every picture against those that share some landmarks with it, which an index tells.
    public func pairs() -> [Pair] {
        let index = LandmarkIndex(pictures, threads: threads)
        return concurrentMap(pictures.count, threads: threads) { Self.pairs(of: $0, index) }.flatMap { $0 }
    }

    private static func pairs(of second: Int, _ index: LandmarkIndex) -> [Pair] {
        var best: [Int: SharedTissue] = [:]
        let landmarks = index.pictures[second]
        for (landmarks, isMirrored) in [(landmarks, false), (landmarks.mirrored(), true)] {
            for first in index.candidates(for: landmarks, before: second) {
                guard let shared = SharedTissue(index.pictures[first], landmarks, isMirrored: isMirrored),
                    shared.places > best[first]?.places ?? 0
                else { continue }
                best[first] = shared
            }
        }
        return best.sorted { $0.key < $1.key }.compactMap { first, shared in
            shared.places >= leastPlaces && shared.share >= leastShare
                ? Pair(first: first, second: second, shared: shared) : nil
        }
    }
}
