import Foundation
import Slides
import TIFF
import TestSupport
import Testing

@testable import Fixtures

@Suite struct LargeScanTests {
    private let scene = Scene(
        seed: 21, patient: 3, glandClass: .highGrade, width: 1401, height: 1250, tissue: .pieces(share: 0.7))

    private func write(_ compression: LargeScan.Compression, drawers: Int, in folder: TemporaryFolder) async throws {
        try await LargeScan(scene: scene, compression: compression, isPyramid: true, drawers: drawers)
            .write(to: folder["large.tif"], truth: folder["large.tif.truth.csv"])
    }

    @Test func levelsAndTruthAreThoseOfTheWholeScene() async throws {
        let folder = try TemporaryFolder()
        try await write(.lzw, drawers: 2, in: folder)
        let reader = try TIFFReader(path: folder["large.tif"])
        let levels = try reader.directories.map { try $0.get() }
        #expect(reader.isBigTIFF)
        #expect(levels.map(\.width) == [1401, 701])
        #expect(levels.map(\.subfileType) == [[], .reducedResolution])
        #expect(levels.map { 10_000 / ($0.resolution?.x ?? 1) }.map { ($0 * 1000).rounded() } == [1400, 2800])
        let drawing = scene.draw()
        let full = try reader.readRGB(levels[0], window: drawing.window)
        #expect(full.bytes == drawing.pixels)
        let half = try reader.readRGB(levels[1], window: PixelWindow(x: 0, y: 0, width: 701, height: 625))
        #expect(half.bytes == drawing.picture.halved().pixels)

        let table = try String(contentsOfFile: folder["large.tif.truth.csv"], encoding: .utf8)
        let expected = GlandTable.rows(scene.truth(of: drawing), scan: "large.tif")
        #expect(table.hasPrefix(GlandTable.header))
        #expect(Self.unnumbered(table.dropFirst(GlandTable.header.count)) == Self.unnumbered(expected[...]))
    }

    /// The order in which tiles are drawn does not show.
    @Test(arguments: [LargeScan.Compression.jpeg, .deflate, .none])
    func anyNumberOfDrawersGivesTheSameBytes(compression: LargeScan.Compression) async throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        try await write(compression, drawers: 1, in: first)
        try await write(compression, drawers: 4, in: second)
        #expect(try fileContents(of: first.path) == fileContents(of: second.path))
    }

    @Test func aFolderThatIsNotThereIsAnError() async throws {
        await #expect(throws: FixtureError.self) {
            try await LargeScan(scene: scene, drawers: 1).write(to: "/nonexistent/a.tif", truth: "/nonexistent/a.csv")
        }
    }

    /// The rows without their numbers: bands end glands in another order than the whole.
    private static func unnumbered(_ table: Substring) -> Set<String> {
        Set(
            table.split(separator: "\n").map { row in
                let fields = row.split(separator: ",")
                return fields[2...].joined(separator: ",")
            })
    }
}
