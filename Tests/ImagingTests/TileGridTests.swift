import Imaging
import Slides
import Testing

@Suite struct TileGridTests {
    @Test(arguments: [
        (1, 1), (64, 64), (100, 5_000), (224, 224), (512, 512), (513, 700), (1_000, 31), (3_333, 2_049),
    ])
    func everyPixelIsCoveredAndEveryTileAligned(width: Int, height: Int) throws {
        let grid = try TileGrid(width: width, height: height, tileSize: 512, overlap: 100, alignment: 32)
        var coveredColumns = Set<Int>()
        var coveredRows = Set<Int>()
        for index in 0..<grid.count {
            let window = grid.window(of: index)
            #expect(window.x % 32 == 0 && window.y % 32 == 0)
            #expect(window.width == grid.tileWidth && window.height == grid.tileHeight)
            #expect(window.x + window.width < width + 32 && window.y + window.height < height + 32)
            let covered = grid.coveredWindow(of: index)
            #expect(covered.width > 0 && covered.height > 0)
            coveredColumns.formUnion(covered.x..<covered.x + covered.width)
            coveredRows.formUnion(covered.y..<covered.y + covered.height)
        }
        #expect(coveredColumns == Set(0..<width))
        #expect(coveredRows == Set(0..<height))
    }

    @Test func neighboursOverlapAtLeastAsAsked() throws {
        let grid = try TileGrid(width: 5_000, height: 600, tileSize: 256, overlap: 50, alignment: 32)
        for column in 1..<grid.columns {
            let left = grid.window(of: column - 1)
            #expect(left.x + left.width - grid.window(of: column).x >= 50)
        }
    }

    @Test func aScanSmallerThanATileIsOneTileOfItsOwnSize() throws {
        let grid = try TileGrid(width: 224, height: 70, tileSize: 512, overlap: 128, alignment: 32)
        #expect(grid.count == 1)
        #expect(grid.window(of: 0) == PixelWindow(x: 0, y: 0, width: 224, height: 96))
        #expect(grid.coveredWindow(of: 0) == PixelWindow(x: 0, y: 0, width: 224, height: 70))
    }

    @Test func tilesComeRowByRow() throws {
        let grid = try TileGrid(width: 1_000, height: 1_000, tileSize: 512, overlap: 0, alignment: 32)
        #expect((0..<grid.count).map { grid.window(of: $0).x } == [0, 512, 0, 512])
        #expect((0..<grid.count).map { grid.window(of: $0).y } == [0, 0, 512, 512])
    }

    @Test func theLargestAreaDoesNotOverflow() throws {
        let side = TileGrid.maximumSide
        let grid = try TileGrid(width: side, height: side, tileSize: 32, overlap: 0, alignment: 32)
        let last = grid.coveredWindow(of: grid.count - 1)
        #expect(last.x + last.width == side && last.y + last.height == side)
    }

    @Test(arguments: [
        (0, 10, 64, 0, 32), (10, -1, 64, 0, 32), (Int.max, 10, 64, 0, 32), (10, 10, 0, 0, 32), (10, 10, 100, 0, 32),
        (10, 10, 64, 64, 32), (10, 10, 64, -1, 32), (10, 10, 64, 0, 0), (10, 10, Int.max, 0, 32),
    ])
    func impossibleGridsAreRefused(_ sizes: (Int, Int, Int, Int, Int)) {
        #expect(throws: ImagingError.self) {
            try TileGrid(
                width: sizes.0, height: sizes.1, tileSize: sizes.2, overlap: sizes.3, alignment: sizes.4)
        }
    }
}
