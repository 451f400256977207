/// How far two sets of pixels agree.
public struct MaskOverlap: Sendable, Hashable {
    /// Pixels of the first set, of the second, and of both.
    public let first: Int
    public let second: Int
    public let intersection: Int

    public init(first: Int, second: Int, intersection: Int) {
        self.first = first
        self.second = second
        self.intersection = intersection
    }

    public init(_ first: RunLengths, _ second: RunLengths) {
        self.init(
            first: first.pixelCount, second: second.pixelCount, intersection: first.intersectionCount(with: second))
    }

    /// - Precondition: the masks have the same size.
    public init(_ first: MaskImage, _ second: MaskImage) {
        precondition(first.width == second.width && first.height == second.height, "masks of two sizes")
        var (one, two, both) = (0, 0, 0)
        first.pixels.withUnsafeBufferPointer { first in
            second.pixels.withUnsafeBufferPointer { second in
                for index in first.indices {
                    one += first[index] ? 1 : 0
                    two += second[index] ? 1 : 0
                    both += first[index] && second[index] ? 1 : 0
                }
            }
        }
        self.init(first: one, second: two, intersection: both)
    }

    public var union: Int { first + second - intersection }

    /// `2 |A ∩ B| / (|A| + |B|)` (Dice 1945); 1 where both sets are empty.
    public var dice: Double {
        first + second == 0 ? 1 : 2 * Double(intersection) / Double(first + second)
    }

    /// `|A ∩ B| / |A ∪ B|` (Jaccard 1912); 1 where both sets are empty.
    public var intersectionOverUnion: Double {
        union == 0 ? 1 : Double(intersection) / Double(union)
    }
}
