import Analysis
import Imaging
import Testing

@Suite struct RegionGradesTests {
    /// Every pixel of a region counts once in each tile that covers it, by comparison with each pixel and tile.
    @Test(arguments: [(64, 0), (64, 32), (96, 32)])
    func sharesAreThePixelsInEachTile(tileSize: Int, overlap: Int) throws {
        let grid = try TileGrid(width: 150, height: 201, tileSize: tileSize, overlap: overlap)
        let runs = (10..<190).map { PixelRun(row: $0, start: $0 / 3, length: 1 + ($0 * 7) % 80) }
        var shares = RegionGrades(grid: grid) { $0 }
        shares.add(RunLengths(joining: runs))
        for tile in 0..<grid.count {
            let window = grid.coveredWindow(of: tile)
            let expected = runs.reduce(0) { sum, run in
                guard (window.y..<window.y + window.height).contains(run.row) else { return sum }
                return sum + (run.start..<run.end).clamped(to: window.x..<window.x + window.width).count
            }
            #expect(shares.markedPixels[tile, default: 0] == expected)
        }
    }

    @Test func aMeanCountsByWeight() {
        #expect(RegionGrades.weightedMean([([1, 0], 3), ([0, 1], 1)]) == [0.75, 0.25])
        #expect(RegionGrades.weightedMean([([1, 0], 0)]) == nil)
        #expect(RegionGrades.weightedMean([]) == nil)
    }
}
