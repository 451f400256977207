import Imaging
import Labels
import TestSupport
import Testing

/// Codes as other programs make them (qrencode, dmtxwrite), and Code 128 drawn here.
@Suite struct CodesTests {
    @Test func readsQR() {
        #expect(picture(of: ModulePicture(DrawnCodes.qr).scaled(6)).codes == ["S24-00124;block 2"])
    }

    @Test func takesBytesForUTF8() {
        #expect(picture(of: ModulePicture(umlautQR).scaled(6)).codes == ["M\u{FC}ller S24-9"])
    }

    @Test func readsDataMatrix() {
        #expect(picture(of: ModulePicture(dataMatrix).scaled(6)).codes == ["S24-00125"])
    }

    @Test(arguments: [true, false]) func readsCode128(isUpright: Bool) {
        var bars = ModulePicture(code128: "S24-00123", height: 60).scaled(2)
        if !isUpright { bars = bars.turned }
        #expect(picture(of: bars).codes == ["S24-00123"])
    }

    @Test func readsSeveralCodes() {
        let both = ModulePicture(DrawnCodes.qr).scaled(6).above(
            ModulePicture(code128: "S24-00123", height: 60).scaled(2))
        #expect(picture(of: both).codes == ["S24-00123", "S24-00124;block 2"])
    }

    @Test func readsNothingOfPaper() {
        #expect(GreyImage(width: 100, height: 80, pixels: [UInt8](repeating: 240, count: 8000)).codes == [])
    }

    private func picture(of modules: ModulePicture) -> GreyImage {
        let margin = 40
        let (width, height) = (modules.width + 2 * margin, modules.height + 2 * margin)
        var pixels = [UInt8](repeating: 240, count: width * height)
        for (y, row) in modules.rows.enumerated() {
            for (x, isDark) in row.enumerated() where isDark { pixels[(y + margin) * width + x + margin] = 20 }
        }
        return GreyImage(width: width, height: height, pixels: pixels)
    }
}

/// A code's dark and light squares.
private struct ModulePicture {
    var rows: [[Bool]]

    var width: Int { rows.map(\.count).max() ?? 0 }
    var height: Int { rows.count }

    init(rows: [[Bool]]) { self.rows = rows }

    init(_ text: String) { rows = text.split(separator: "\n").map { $0.map { $0 == "#" } } }

    /// Code set B of ISO/IEC 15417, with its check character.
    init(code128 text: String, height: Int) {
        let values = text.utf8.map { Int($0) - 32 }
        let check = (104 + values.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element }) % 103
        let widths = ([104] + values + [check]).map { Self.widths[$0] ?? "" }.joined() + "2331112"
        let row = widths.enumerated().flatMap { index, width in
            [Bool](repeating: index % 2 == 0, count: width.wholeNumberValue ?? 0)
        }
        rows = [[Bool]](repeating: row, count: height)
    }

    /// Of the characters used here: bar, space, bar, space, bar, space.
    private static let widths: [Int: String] = [
        13: "122132", 16: "123122", 17: "123221", 18: "223211", 19: "221132", 20: "221231", 51: "213113", 89: "212141",
        104: "211214",
    ]

    func scaled(_ factor: Int) -> ModulePicture {
        ModulePicture(
            rows: rows.flatMap { row in
                [[Bool]](repeating: row.flatMap { [Bool](repeating: $0, count: factor) }, count: factor)
            })
    }

    var turned: ModulePicture {
        ModulePicture(rows: (0..<width).map { x in rows.map { $0[x] } })
    }

    func above(_ other: ModulePicture) -> ModulePicture {
        let gap = [[Bool]](repeating: [], count: 40)
        return ModulePicture(rows: rows + gap + other.rows)
    }
}

private let dataMatrix = """
    #.#.#.#.#.#.#.
    ##.##........#
    #.##...#.#.#..
    #.#.##.##.##.#
    #....#.....##.
    #.##...#.###.#
    #..###.#..###.
    ##...#.####.##
    ##.#####.#..#.
    #..#...#...#.#
    ###..###.#.#..
    ######....#.##
    ##..####.##.#.
    ##############
    """

private let umlautQR = """
    #######...###.#######
    #.....#.###.#.#.....#
    #.###.#...###.#.###.#
    #.###.#.##..#.#.###.#
    #.###.#..#..#.#.###.#
    #.....#.#..#..#.....#
    #######.#.#.#.#######
    .........#...........
    #####.###..#.#.#.#.#.
    .#.#...#....#..##.#..
    ###########.#..#.#.##
    ##.###....#.#..##..#.
    .#.#..#.##...###.#.##
    ........#..#.#..##...
    #######.#..#..#...##.
    #.....#..##.##...####
    #.###.#.####.##....#.
    #.###.#.#####..###...
    #.###.#.#..#......#..
    #.....#.#.##...#.##..
    #######.###.....#..#.
    """
