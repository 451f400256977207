import Findings

/// Each graded tile in the colour of its most probable class, the stronger the more probable.
struct HeatMapDrawing {
    private struct Tile {
        var probabilities: [Double]
        var count = 1
    }

    let map: HeatMap
    let canvas: ScanCanvas

    /// Finer maps are averaged over squares of tiles: nobody sees more.
    private static let mostTiles = 6_000
    /// Up to so many, tiles have their number in them.
    private static let mostNumbers = 64

    func markup() -> (drawing: Markup, legend: Markup) {
        var side = 1
        while map.columns.count * map.rows.count / (side * side) > Self.mostTiles { side += 1 }
        let columns = (map.columns.count + side - 1) / side
        var squares: [Int: Tile] = [:]
        var shares = [Int](repeating: 0, count: map.classes.count)
        map.forEachTile { column, row, probabilities in
            if let best = Self.best(probabilities) { shares[best] += 1 }
            let square = row / side * columns + column / side
            guard var tile = squares[square] else {
                squares[square] = Tile(probabilities: probabilities)
                return
            }
            for index in probabilities.indices { tile.probabilities[index] += probabilities[index] }
            tile.count += 1
            squares[square] = tile
        }
        let showsNumbers = squares.count <= Self.mostNumbers
        let tiles = squares.keys.sorted().compactMap { square -> Markup? in
            guard let tile = squares[square] else { return nil }
            return self.tile(
                tile, column: square % columns, row: square / columns, side: side, showsNumbers: showsNumbers)
        }
        let graded = shares.reduce(0, +)
        let words = "Heat map of \(graded.of("tile")) by `\(map.stage)`"
        let entries = map.classes.indices.filter { shares[$0] > 0 }.map { index -> Markup in
            let appearance = LabelAppearance(map.classes[index], index: index)
            return "<li>\(appearance.swatch)\(map.classes[index]): \(shares[index].of("tile"))</li>"
        }
        return (
            canvas.drawing(words, pictureOpacity: 0.45, tiles.joined()),
            "<ul class=\"legend\" aria-label=\"Legend of the heat map\">\(entries)</ul>"
        )
    }

    private func tile(_ tile: Tile, column: Int, row: Int, side: Int, showsNumbers: Bool) -> Markup? {
        let probabilities = tile.probabilities.map { $0 / Double(tile.count) }
        guard let best = Self.best(probabilities) else { return nil }
        let x = span(map.columns, column * side, side)
        let y = span(map.rows, row * side, side)
        let appearance = LabelAppearance(map.classes[best], index: best)
        let square: Markup = """
            <rect x="\(x.lowerBound)" y="\(y.lowerBound)" width="\(x.upperBound - x.lowerBound)" \
            height="\(y.upperBound - y.lowerBound)" fill="\(appearance.colour)" fill-opacity="\(0.1 + 0.5 * probabilities[best])" \
            stroke="#fff" stroke-width="\(0.8 * canvas.unit)">\
            <title>\(map.classes[best]) \(probabilities[best].percent)</title></rect>
            """
        let size = 14 * canvas.unit
        // What is left of a last tile that overlaps its neighbour may have no room.
        guard showsNumbers, y.upperBound - y.lowerBound > size, x.upperBound - x.lowerBound > 3 * size else {
            return square
        }
        return square + """
            <text class="tile" x="\((x.lowerBound + x.upperBound) / 2)" y="\((y.lowerBound + y.upperBound) / 2 + size / 3)" \
            font-size="\(size)" stroke-width="\(size / 5)" text-anchor="middle">\(probabilities[best].percent)</text>
            """
    }

    /// From where the first tile begins to where the one after the last does: the last of a row overlaps its neighbour.
    private func span(_ tiles: [Range<Int>], _ first: Int, _ count: Int) -> ClosedRange<Double> {
        let start = max(tiles[first].lowerBound, first > 0 ? tiles[first - 1].upperBound : 0)
        let end = tiles[min(first + count, tiles.count) - 1].upperBound
        return Double(start) / canvas.factor...Double(max(start + 1, end)) / canvas.factor
    }

    private static func best(_ probabilities: [Double]) -> Int? {
        probabilities.indices.max { probabilities[$0] < probabilities[$1] }
    }
}
