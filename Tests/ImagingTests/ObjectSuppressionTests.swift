import Imaging
import NeuralNetworks
import Testing

@Suite struct ObjectSuppressionTests {
    private static func candidates(seed: UInt64, count: Int) -> [ObjectCandidate] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let x = Float.random(in: 0..<400, using: &generator)
            let y = Float.random(in: 0..<600, using: &generator)
            let (width, height) = (
                Float.random(in: 2..<60, using: &generator), Float.random(in: 2..<60, using: &generator)
            )
            // Few different probabilities, so that many are alike.
            let confidence = Float(Int.random(in: 1...20, using: &generator)) / 20
            return ObjectCandidate(
                classIndex: Int.random(in: 0...1, using: &generator), probabilities: [confidence, confidence],
                bounds: .init(left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2),
                x: x, y: y)
        }
    }

    /// Greedy suppression as its definition has it.
    private static func kept(_ candidates: [ObjectCandidate], limit: Double, across: Bool) -> [ObjectCandidate] {
        var kept: [ObjectCandidate] = []
        for candidate in candidates.sorted(by: { $0.outranks($1) }) {
            let isSuppressed = kept.contains {
                (across || $0.classIndex == candidate.classIndex) && $0.intersectionOverUnion(candidate) > limit
            }
            if !isSuppressed { kept.append(candidate) }
        }
        return kept
    }

    private static func places(_ candidates: [ObjectCandidate]) -> Set<[Float]> {
        Set(candidates.map { [$0.x, $0.y, Float($0.classIndex)] })
    }

    /// Rows as they come give what all candidates at once give, and no decision is taken back.
    @Test(arguments: [1, 2, 3], [false, true])
    func rowByRowIsAllAtOnce(seed: UInt64, across: Bool) throws {
        for (limit, rowHeight) in [(0.5, 64), (0.1, 37), (0.3, 600), (0, 5)] {
            let all = Self.candidates(seed: seed, count: 900)
            var suppression = ObjectSuppression(limit: limit, acrossClasses: across, reach: 30)
            var kept: [ObjectCandidate] = []
            for row in stride(from: 0, to: 600, by: rowHeight) {
                let range = Float(row)..<Float(row + rowHeight)
                // In any order within a row.
                try suppression.add(all.filter { range.contains($0.y) }.reversed())
                kept += suppression.settle(above: range.upperBound)
            }
            kept += suppression.finish()
            let wanted = Self.kept(all, limit: limit, across: across)
            #expect(kept.count == wanted.count)
            #expect(Self.places(kept) == Self.places(wanted))
        }
    }

    /// Outlines meet by their pixels, not by their boxes.
    @Test func diagonalNeighboursAreTwoObjects() throws {
        func triangle(_ corners: [(x: Double, y: Double)]) -> ObjectCandidate {
            ObjectCandidate(
                classIndex: 0, probabilities: [0.9], bounds: .init(left: 0, top: 0, right: 40, bottom: 40), x: 20,
                y: 20,
                pixels: RunLengths(fillingPolygon: corners, width: 100, height: 100))
        }
        let one = triangle([(0, 0), (40, 0), (0, 40)])
        let other = triangle([(40, 0), (40, 40), (0, 40)])
        #expect(one.intersectionOverUnion(other) == 0)
        var suppression = ObjectSuppression(limit: 0.5, acrossClasses: true, reach: 64)
        try suppression.add([one, other])
        #expect(suppression.finish().count == 2)
    }

    @Test func aPolygonFillsThePixelsWhoseMiddlesItHolds() {
        func filled(_ corners: [(x: Double, y: Double)]) -> [PixelRun] {
            RunLengths(fillingPolygon: corners, width: 10, height: 8).runs
        }
        #expect(filled([(2, 1), (5, 1), (5, 3), (2, 3)]) == [1, 2].map { PixelRun(row: $0, start: 2, length: 3) })
        #expect(
            filled([(-9, -9), (99, -9), (99, 99), (-9, 99)]) == (0..<8).map { PixelRun(row: $0, start: 0, length: 10) })
        #expect(filled([(2.6, 1), (3.4, 1), (3.4, 3), (2.6, 3)]).isEmpty)
        #expect(filled([]).isEmpty && filled([(1, 1)]).isEmpty && filled([(1, 1), (9, 9)]).isEmpty)
        // A notch: the row between its tips has two runs.
        #expect(
            filled([(0, 0), (9, 0), (9, 6), (4.5, 1), (0, 6)]).filter { $0.row == 3 }
                == [PixelRun(row: 3, start: 0, length: 2), PixelRun(row: 3, start: 7, length: 2)])
    }

    @Test func membershipIsThatOfTheRuns() {
        let pixels = RunLengths(joining: [
            PixelRun(row: 2, start: 3, length: 2), PixelRun(row: 2, start: 8, length: 1),
            PixelRun(row: 5, start: 0, length: 4),
        ])
        let inside = (0..<8).flatMap { y in (0..<10).filter { x in pixels.contains(x: x, y: y) }.map { [$0, y] } }
        #expect(inside == [[3, 2], [4, 2], [8, 2], [0, 5], [1, 5], [2, 5], [3, 5]])
    }
}
