import Imaging
import Testing

@Suite struct ProbabilityStitcherTests {
    static let grids: [(width: Int, height: Int, tileSize: Int, overlap: Int)] = [
        (64, 64, 128, 0), (300, 200, 64, 0), (300, 200, 64, 16), (257, 129, 64, 33), (500, 90, 96, 60),
        (33, 400, 128, 48),
    ]

    /// Cuts `map` into the grid's tiles and stitches them again, added in the given order.
    private func stitched(
        _ grid: TileGrid, order: [Int], leavingOut omitted: Set<Int> = [], map: (Int, Int) -> Float
    ) -> [Float] {
        var stitcher = ProbabilityStitcher(grid: grid, rowsPerBand: 8)
        var result: [Float] = []
        for tile in order {
            let window = grid.window(of: tile)
            var values: [Float] = []
            for y in window.y..<window.y + window.height {
                for x in window.x..<window.x + window.width { values.append(map(x, y)) }
            }
            stitcher.add(omitted.contains(tile) ? nil : values, tile: tile) { band in
                #expect(band.y * grid.width == result.count)
                #expect(band.rows <= 8)
                result += band.values
            }
        }
        #expect(stitcher.isComplete && stitcher.earlyTileCount == 0)
        #expect(result.count == grid.width * grid.height)
        return result
    }

    @Test(arguments: grids)
    func aMapComesBackWithoutSeams(_ size: (width: Int, height: Int, tileSize: Int, overlap: Int)) throws {
        let grid = try TileGrid(
            width: size.width, height: size.height, tileSize: size.tileSize, overlap: size.overlap, alignment: 16)
        func gradient(x: Int, y: Int) -> Float { 0.1 + 0.8 * Float(x + 2 * y) / Float(size.width + 2 * size.height) }
        let result = stitched(grid, order: Array(0..<grid.count), map: gradient)
        var greatestError: Float = 0
        for y in 0..<size.height {
            for x in 0..<size.width {
                greatestError = max(greatestError, abs(result[y * size.width + x] - gradient(x: x, y: y)))
            }
        }
        #expect(greatestError < 1e-6)
    }

    @Test func theOrderOfArrivalDoesNotChangeABit() throws {
        let grid = try TileGrid(width: 300, height: 200, tileSize: 64, overlap: 32, alignment: 16)
        func noise(x: Int, y: Int) -> Float { Float((x * 7_919 + y * 104_729) % 1_000) / 999 }
        var generator = SeededGenerator(seed: 3)
        let inOrder = stitched(grid, order: Array(0..<grid.count), map: noise)
        #expect(stitched(grid, order: (0..<grid.count).shuffled(using: &generator), map: noise) == inOrder)
        #expect(stitched(grid, order: (0..<grid.count).reversed(), map: noise) == inOrder)
    }

    @Test func tilesLeftOutHaveNoSay() throws {
        let grid = try TileGrid(width: 300, height: 200, tileSize: 64, overlap: 32, alignment: 16)
        let omitted: Set = [0, 5, 9, grid.count - 1]
        let result = stitched(grid, order: Array(0..<grid.count), leavingOut: omitted) { _, _ in 0.75 }
        var covered = [Bool](repeating: false, count: result.count)
        for tile in 0..<grid.count where !omitted.contains(tile) {
            let window = grid.coveredWindow(of: tile)
            for y in window.y..<window.y + window.height {
                for x in window.x..<window.x + window.width { covered[y * 300 + x] = true }
            }
        }
        #expect(zip(result, covered).allSatisfy { value, isCovered in abs(value - (isCovered ? 0.75 : 0)) < 1e-6 })
    }

    @Test func rowsComeOutAsSoonAsTheyAreFinished() throws {
        let grid = try TileGrid(width: 64, height: 320, tileSize: 64, overlap: 32, alignment: 16)
        var stitcher = ProbabilityStitcher(grid: grid, rowsPerBand: 8)
        var rows = 0
        let values = [Float](repeating: 0.5, count: 64 * 64)
        for tile in 0..<3 { stitcher.add(values, tile: tile) { rows += $0.rows } }
        #expect(rows == grid.window(of: 3).y)
    }

    /// Two pieces of tissue far apart: only the columns around them are held, handed out and rescaled, and the regions are those
    /// of the map with all its zeros.
    @Test(arguments: [(3_000, 400), (4_100, 571), (1_200, 160)])
    func glassBetweenTissueIsLeftOut(fullWidth: Int, fullHeight: Int) throws {
        let grid = try TileGrid(width: 3_000, height: 400, tileSize: 128, overlap: 32, alignment: 32)
        var stitcher = ProbabilityStitcher(grid: grid)
        var sparse = ProbabilityRescaler(fromWidth: 3_000, fromHeight: 400, toWidth: fullWidth, toHeight: fullHeight)
        var dense = sparse
        let options = try RegionExtractor.Options(threshold: 0.5)
        var (found, expected) = (RegionExtractor(options: options), RegionExtractor(options: options))
        var regions: (found: [Region], expected: [Region]) = ([], [])
        for tile in 0..<grid.count {
            let window = grid.window(of: tile)
            let isTissue = (130..<420).contains(window.x) || (2_000..<2_500).contains(window.x) && window.y > 100
            let values = (0..<128 * 128).map { index -> Float in
                let (x, y) = (window.x + index % 128, window.y + index / 128)
                return Float((x / 23 * 7 + y / 17 * 5) % 11) / 10
            }
            try stitcher.add(isTissue ? values : nil, tile: tile) { band throws(ImagingError) in
                #expect(band.blocks.count <= 2 && band.blocks.allSatisfy { $0.columns.count < 1_200 })
                let full = ProbabilityBand(y: band.y, width: band.width, rows: band.rows, values: band.values)
                let (few, all) = (sparse.add(band), dense.add(full))
                #expect(few.flatMap(\.values) == all.flatMap(\.values))
                for band in few { regions.found += try found.add(band) }
                for band in all { regions.expected += try expected.add(band) }
            }
        }
        #expect(regions.found + found.finish() == regions.expected + expected.finish())
        #expect(regions.found.count >= 2)
    }
}
