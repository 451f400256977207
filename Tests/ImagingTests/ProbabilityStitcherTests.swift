import Imaging
import NeuralNetworks
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
        var stitcher = ProbabilityStitcher(grid: grid)
        var result = ProbabilityMap(width: grid.width, height: grid.height)
        for tile in order {
            let window = grid.window(of: tile)
            var values: [Float] = []
            for y in window.y..<window.y + window.height {
                for x in window.x..<window.x + window.width { values.append(map(x, y)) }
            }
            stitcher.add(omitted.contains(tile) ? nil : values, tile: tile) { result.add($0) }
        }
        #expect(stitcher.isComplete && stitcher.earlyTileCount == 0)
        #expect(result.isComplete)
        return result.values
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
        var generator = SplitMix64(seed: 3)
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

    @Test func pixelsComeOutAsSoonAsTheyAreFinished() throws {
        let grid = try TileGrid(width: 160, height: 320, tileSize: 64, overlap: 32, alignment: 16)
        var stitcher = ProbabilityStitcher(grid: grid)
        let values = [Float](repeating: 0.5, count: 64 * 64)
        for tile in 0..<grid.count {
            let (window, isLast) = (grid.window(of: tile), tile == grid.count - 1)
            stitcher.add(values, tile: tile) { block in
                #expect((block.columns.lowerBound, block.rows.lowerBound) == (window.x, window.y))
                #expect(isLast || grid.window(of: tile + 1).x == block.columns.upperBound % 160)
            }
        }
        #expect(stitcher.isComplete)
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
        var found = RegionExtractor(width: fullWidth, options: options)
        var expected = found
        var (sparseMap, denseMap) = (
            ProbabilityMap(width: fullWidth, height: fullHeight), ProbabilityMap(width: fullWidth, height: fullHeight)
        )
        var regions: (found: [Region], expected: [Region]) = ([], [])
        var glass = 0
        for tile in 0..<grid.count {
            let window = grid.window(of: tile)
            let isTissue = (130..<420).contains(window.x) || (2_000..<2_500).contains(window.x) && window.y > 100
            let values = (0..<128 * 128).map { index -> Float in
                let (x, y) = (window.x + index % 128, window.y + index / 128)
                return Float((x / 23 * 7 + y / 17 * 5) % 11) / 10
            }
            try stitcher.add(isTissue ? values : nil, tile: tile) { block throws(ImagingError) in
                let zeros = [Float](repeating: 0, count: block.rows.count * block.columns.count)
                let full = ProbabilityBlock(rows: block.rows, columns: block.columns, values: block.values ?? zeros)
                try sparse.add(block) { block throws(ImagingError) in
                    if block.values == nil { glass += block.rows.count * block.columns.count }
                    sparseMap.add(block)
                    regions.found += try found.add(block)
                }
                try dense.add(full) { block throws(ImagingError) in
                    denseMap.add(block)
                    regions.expected += try expected.add(block)
                }
            }
        }
        #expect(sparseMap.isComplete && sparseMap.values == denseMap.values)
        #expect(glass > fullWidth * fullHeight / 2)
        #expect(regions.found + found.finish() == regions.expected + expected.finish())
        #expect(regions.found.count >= 2)
    }
}
