import Imaging
import Slides

/// How many objects of one picture were found.
///
/// A true object and a found one match where their intersection over union is at least 0.5. Above that, a match is the
/// only one possible; at exactly 0.5 the first in order wins.
struct ObjectMatch: Sendable, Hashable {
    static let threshold = 0.5

    let matched: Int
    let truthCount: Int
    let foundCount: Int

    init(matched: Int, truthCount: Int, foundCount: Int) {
        self.matched = matched
        self.truthCount = truthCount
        self.foundCount = foundCount
    }

    init(truth: [RunLengths], found: [RunLengths]) {
        let candidates = found.map { ($0, $0.boundingBox, $0.pixelCount) }
        var taken: Set<Int> = []
        for object in truth {
            guard let box = object.boundingBox else { continue }
            let area = object.pixelCount
            let match = candidates.indices.first { index in
                let (pixels, otherBox, otherArea) = candidates[index]
                guard !taken.contains(index), let otherBox, overlap(box, otherBox) else { return false }
                let both = object.intersectionCount(with: pixels)
                let overlap = MaskOverlap(first: area, second: otherArea, intersection: both)
                return overlap.intersectionOverUnion >= Self.threshold
            }
            if let match { taken.insert(match) }
        }
        self.init(matched: taken.count, truthCount: truth.count, foundCount: found.count)
    }
}

func overlap(_ first: PixelWindow, _ second: PixelWindow) -> Bool {
    first.x < second.x + second.width && second.x < first.x + first.width
        && first.y < second.y + second.height && second.y < first.y + first.height
}
