import Foundation
import Imaging
import NeuralNetworks
import Slides
import Testing

@Suite struct RegionExtractorTests {
    /// The regions of a map `[height, width]` given to the extractor in blocks of so many rows and columns.
    private func regions(
        of values: [Float], width: Int, rowsPerBand: Int, columnsPerBlock: Int = .max, options: RegionExtractor.Options
    ) throws -> [Region] {
        var extractor = RegionExtractor(width: width, options: options)
        var regions: [Region] = []
        let height = values.count / width
        for y in stride(from: 0, to: height, by: rowsPerBand) {
            let rows = y..<min(y + rowsPerBand, height)
            for x in stride(from: 0, to: width, by: min(columnsPerBlock, width)) {
                let columns = x..<min(x + min(columnsPerBlock, width), width)
                let part = rows.flatMap { values[$0 * width + x..<$0 * width + columns.upperBound] }
                regions += try extractor.add(ProbabilityBlock(rows: rows, columns: columns, values: part))
            }
        }
        return regions + extractor.finish()
    }

    private func noise(seed: UInt64, width: Int, height: Int, density: Double) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<width * height).map { _ in
            Double.random(in: 0..<1, using: &generator) < density ? Float.random(in: 0.5...1, using: &generator) : 0.2
        }
    }

    /// 8-connected components by flood fill over the whole map: the plain twin of the streamed labelling.
    private func flooded(_ values: [Float], width: Int, threshold: Float) -> [RunLengths] {
        let height = values.count / width
        var seen = values.map { $0 < threshold }
        var components: [RunLengths] = []
        for seed in values.indices where !seen[seed] {
            seen[seed] = true
            var stack = [seed]
            var runs: [PixelRun] = []
            while let index = stack.popLast() {
                let (x, y) = (index % width, index / width)
                runs.append(PixelRun(row: y, start: x, length: 1))
                for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)]
                where (0..<width).contains(x + dx) && (0..<height).contains(y + dy) {
                    let neighbour = (y + dy) * width + x + dx
                    if !seen[neighbour] {
                        seen[neighbour] = true
                        stack.append(neighbour)
                    }
                }
            }
            components.append(RunLengths(joining: runs))
        }
        return components
    }

    @Test(arguments: [0.05, 0.2, 0.35, 0.5, 0.8], [1, 7, 64])
    func streamedRegionsAreThoseOfTheWholeMap(density: Double, rowsPerBand: Int) throws {
        for seed in 0..<8 as Range<UInt64> {
            let values = noise(seed: seed, width: 61, height: 64, density: density)
            let found = try regions(
                of: values, width: 61, rowsPerBand: rowsPerBand, options: RegionExtractor.Options(threshold: 0.5)
            ).sorted { $0.pixels.runs[0] < $1.pixels.runs[0] }
            #expect(found.map(\.pixels) == flooded(values, width: 61, threshold: 0.5))
            for region in found {
                let members = region.pixels.runs.flatMap { run in
                    values[run.row * 61 + run.start..<run.row * 61 + run.end]
                }
                #expect(abs(region.meanProbability - Double(members.reduce(0, +)) / Double(members.count)) < 1e-5)
                #expect(region.maximumProbability == members.max().map(Double.init))
            }
        }
    }

    @Test func theSplitIntoBandsDoesNotChangeABit() throws {
        let values = noise(seed: 1, width: 100, height: 90, density: 0.4)
        let options = try RegionExtractor.Options(threshold: 0.5, minimumArea: 4, maximumHoleArea: 3)
        let whole = try regions(of: values, width: 100, rowsPerBand: 90, options: options)
        for rows in [1, 3, 16] {
            #expect(try regions(of: values, width: 100, rowsPerBand: rows, options: options) == whole)
            for columns in [1, 7, 64] {
                #expect(
                    try regions(
                        of: values, width: 100, rowsPerBand: rows, columnsPerBlock: columns, options: options) == whole)
            }
        }
    }

    @Test func aMasksComponentsAreTheSame() {
        let values = noise(seed: 5, width: 50, height: 50, density: 0.35)
        let mask = MaskImage(width: 50, height: 50, pixels: values.map { $0 >= 0.5 })
        #expect(mask.components == flooded(values, width: 50, threshold: 0.5))
    }

    @Test func smallRegionsAreDroppedAndSmallHolesFilled() throws {
        let drawing = [
            "..........",
            ".#####...#",
            ".#...#....",
            ".#.#.#....",
            ".#...#....",
            ".#####....",
            "......####",
            "......#.##",
            "......####",
        ]
        let values: [Float] = drawing.joined().map { $0 == "#" ? 0.9 : 0.1 }
        let filled = try regions(
            of: values, width: 10, rowsPerBand: 4,
            options: RegionExtractor.Options(threshold: 0.5, minimumArea: 10, maximumHoleArea: 9))
        // The square and the block touch at a corner: one region, both holes filled, the island in the hole part of it.
        #expect(filled.map(\.area) == [25 + 12])
        let hollow = try regions(
            of: values, width: 10, rowsPerBand: 4,
            options: RegionExtractor.Options(threshold: 0.5, minimumArea: 10, maximumHoleArea: 8))
        #expect(hollow.map(\.area) == [16 + 12])
        #expect(abs((filled.first?.meanProbability ?? 0) - 0.9) < 1e-6)
    }

    @Test func aDiscIsMeasuredAsADisc() throws {
        let radius = 40.0
        let values = (0..<100 * 100).map { index -> Float in
            let (x, y) = (Double(index % 100) + 0.5 - 51, Double(index / 100) + 0.5 - 47)
            return x * x + y * y <= radius * radius ? 0.8 : 0
        }
        let disc = try #require(
            try regions(of: values, width: 100, rowsPerBand: 10, options: .init(threshold: 0.5)).first)
        #expect(abs(Double(disc.area) / (Double.pi * radius * radius) - 1) < 0.01)
        #expect(abs(disc.perimeter / (2 * Double.pi * radius) - 1) < 0.02)
        #expect(disc.eccentricity < 0.05)
        #expect(abs(disc.centroidX - 51) < 1e-9 && abs(disc.centroidY - 47) < 1e-9)
        #expect(disc.boundingBox == PixelWindow(x: 11, y: 7, width: 80, height: 80))
    }

    @Test func aLineHasEccentricityOne() {
        let line = Region(
            pixels: RunLengths(joining: [PixelRun(row: 3, start: 2, length: 9)]), meanProbability: 1,
            maximumProbability: 1)
        #expect(line.eccentricity == 1)
        #expect(line.centroidX == 6.5 && line.centroidY == 3.5)
    }

    @Test func noiseThatWouldFillTheMemoryIsRefused() throws {
        let values = (0..<200 * 200).map { (index: Int) -> Float in Float((index + index / 200) % 2) }
        #expect(throws: ImagingError.self) {
            try regions(
                of: values, width: 200, rowsPerBand: 10, options: .init(threshold: 0.5, maximumOpenRuns: 5_000))
        }
    }
}
