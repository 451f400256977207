import Imaging
import NeuralNetworks
import Testing

/// Outlines and label pictures of regions.
@Suite struct RegionShapesTests {
    private func signedArea(_ ring: [RegionPolygon.Point]) -> Double {
        zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) { sum, edge in
            sum + Double(edge.0.x * edge.1.y - edge.1.x * edge.0.y) / 2
        }
    }

    private func set(_ drawing: [String]) -> RunLengths {
        RunLengths(
            joining: drawing.enumerated().flatMap { row, line in
                line.enumerated().filter { $0.element == "#" }.map { PixelRun(row: row, start: $0.offset, length: 1) }
            })
    }

    @Test func aSquareWithAHoleHasTwoRings() {
        let polygon = RegionPolygon(outlining: set(["####", "#..#", "####"]), tolerance: 0)
        #expect(polygon.parts.count == 1)
        #expect(
            Set(polygon.parts[0].outline) == [
                .init(x: 0, y: 0), .init(x: 4, y: 0), .init(x: 4, y: 3), .init(x: 0, y: 3),
            ])
        #expect(polygon.parts[0].holes.count == 1)
        #expect(signedArea(polygon.parts[0].outline) == 12 && signedArea(polygon.parts[0].holes[0]) == -2)
    }

    @Test(arguments: [
        (["##.", "##.", "..#"], 2, 0), (["#.#", ".#.", "#.#"], 5, 0), ([".##", "#.#", "###"], 1, 1),
        (["####", "#.##", "##.#", "####"], 1, 2), (["#####", "#...#", "#.#.#", "#...#", "#####"], 2, 1),
    ])
    func partsThatTouchAtCornersAreRingsOfTheirOwn(drawing: [String], parts: Int, holes: Int) {
        let polygon = RegionPolygon(outlining: set(drawing), tolerance: 0)
        #expect(polygon.parts.count == parts)
        #expect(polygon.parts.reduce(0) { $0 + $1.holes.count } == holes)
    }

    @Test(arguments: [0.1, 0.4, 0.6, 0.9])
    func exactOutlinesEncloseExactlyThePixels(density: Double) {
        for seed in 0..<20 as Range<UInt64> {
            var generator = SplitMix64(seed: seed)
            let mask = MaskImage(
                width: 23, height: 17,
                pixels: (0..<23 * 17).map { _ in Double.random(in: 0..<1, using: &generator) < density })
            for component in mask.components {
                let parts = RegionPolygon(outlining: component, tolerance: 0).parts
                let rings = parts.flatMap { [$0.outline] + $0.holes }
                #expect(rings.reduce(0) { $0 + signedArea($1) } == Double(component.pixelCount))
                #expect(parts.allSatisfy { signedArea($0.outline) > 0 && $0.holes.allSatisfy { signedArea($0) < 0 } })
                #expect(rings.allSatisfy { $0.count >= 4 && Set($0).count == $0.count })
            }
        }
    }

    @Test func simplifiedOutlinesStayWithinTheTolerance() {
        let disc = RunLengths(
            joining: (0..<200).map { row in
                let half = Int((10_000.0 - (Double(row) - 99.5) * (Double(row) - 99.5)).squareRoot())
                return PixelRun(row: row, start: 150 - half, length: 2 * half + 1)
            })
        let exact = RegionPolygon(outlining: disc, tolerance: 0).parts[0].outline
        let simple = RegionPolygon(outlining: disc, tolerance: 1.5).parts[0].outline
        #expect(simple.count < exact.count / 5)
        #expect(Set(simple).isSubset(of: Set(exact)))
        #expect(abs(signedArea(simple) / Double(disc.pixelCount) - 1) < 0.01)
        for point in exact {
            let nearest = zip(simple, simple.dropFirst() + simple.prefix(1)).map { distance(point, $0.0, $0.1) }.min()
            #expect((nearest ?? .infinity) <= 1.5 + 1e-9)
        }
    }

    private func distance(_ point: RegionPolygon.Point, _ start: RegionPolygon.Point, _ end: RegionPolygon.Point)
        -> Double
    {
        let (dx, dy) = (Double(end.x - start.x), Double(end.y - start.y))
        let (px, py) = (Double(point.x - start.x), Double(point.y - start.y))
        let along = min(1, max(0, (px * dx + py * dy) / (dx * dx + dy * dy)))
        return ((px - along * dx) * (px - along * dx) + (py - along * dy) * (py - along * dy)).squareRoot()
    }

    @Test(arguments: [1, 3, 100])
    func labelsArePaintedRowByRow(rowsAtOnce: Int) {
        var painter = RegionLabelRows(
            width: 4, height: 5,
            regions: [set(["....", ".##.", ".##."]), set(["", "...#", "..##", "", "#####"])])
        var labels: [UInt32] = []
        while true {
            let rows = painter.next(rowsAtOnce)
            if rows.isEmpty { break }
            labels += rows
        }
        #expect(labels == [0, 0, 0, 0, 0, 1, 1, 2, 0, 1, 2, 2, 0, 0, 0, 0, 2, 2, 2, 2])
    }
}
