import Analysis
import Testing

@Suite struct OrderedTileMapTests {
    struct Failure: Error, Equatable { let tile: Int }

    @Test(arguments: [1, 2, 5, 100], [0, 1, 7, 200])
    func resultsComeInTileOrder(threads: Int, tiles: Int) throws {
        var seen: [Int] = []
        try OrderedTileMap(tileCount: tiles, threadCount: threads).run(
            makeWorker: { () throws(Failure) in 0 },
            compute: { (_, tile) throws(Failure) in tile * tile },
            consume: { (tile, square) throws(Failure) in
                #expect(square == tile * tile)
                seen.append(tile)
            })
        #expect(seen == Array(0..<tiles))
    }

    @Test(arguments: [1, 3])
    func theFirstFailureInTileOrderEndsIt(threads: Int) {
        var seen: [Int] = []
        let error = #expect(throws: Failure.self) {
            try OrderedTileMap(tileCount: 100, threadCount: threads).run(
                makeWorker: { () throws(Failure) in 0 },
                compute: { (_, tile) throws(Failure) in
                    if tile >= 10 { throw Failure(tile: tile) }
                    return tile
                },
                consume: { (tile, _) throws(Failure) in seen.append(tile) })
        }
        #expect(error == Failure(tile: 10))
        #expect(seen == Array(0..<10))
    }

    @Test(arguments: [1, 4])
    func aWorkerThatCannotBeMadeEndsIt(threads: Int) {
        #expect(throws: Failure(tile: -1)) {
            try OrderedTileMap(tileCount: 50, threadCount: threads).run(
                makeWorker: { () throws(Failure) -> Int in throw Failure(tile: -1) },
                compute: { (_, tile) throws(Failure) in tile },
                consume: { (_, _) throws(Failure) in })
        }
    }

    @Test(arguments: [1, 4])
    func aFailureWhileConsumingEndsIt(threads: Int) {
        #expect(throws: Failure(tile: 3)) {
            try OrderedTileMap(tileCount: 50, threadCount: threads).run(
                makeWorker: { () throws(Failure) -> Int in 0 },
                compute: { (_, tile) throws(Failure) in tile },
                consume: { (tile, _) throws(Failure) in if tile == 3 { throw Failure(tile: tile) } })
        }
    }
}
