import Imaging
import Slides
import TIFF
import TestSupport
import Testing

@Suite struct LabelPyramidTests {
    /// Every level shows the pixels in the middle of its squares.
    @Test func levelsShowTheNumbersOfTheirPixels() throws {
        let (width, height) = (2_500, 1_100)
        let first = RunLengths(joining: (0..<1_100).map { PixelRun(row: $0, start: 0, length: 1_001) })
        let second = RunLengths(joining: (300..<777).map { PixelRun(row: $0, start: 1_200, length: 1_300) })
        let file = TemporaryFile()
        try LabelImage.writePyramid(
            [first, second], width: width, height: height, micrometresPerPixel: 0.25, to: file.path)
        let reader = try TIFFReader(path: file.path)
        let full = try #require(reader.directories.first).get()
        let levels = [full] + (try full.subdirectories.map { try $0.get() })
        #expect(levels.map(\.width) == [2_500, 1_250, 625] && levels.map(\.height) == [1_100, 550, 275])
        for (level, page) in levels.enumerated() {
            let factor = 1 << level
            let samples = try reader.readSamples(
                page, window: PixelWindow(x: 0, y: 0, width: page.width, height: page.height))
            let labels = samples.bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
            var wrong = 0
            for y in 0..<page.height {
                for x in 0..<page.width {
                    let (column, row) = (x * factor + factor / 2, y * factor + factor / 2)
                    let expected: UInt16 =
                        column < 1_001 ? 1 : (1_200..<2_500).contains(column) && (300..<777).contains(row) ? 2 : 0
                    if labels[y * page.width + x] != expected { wrong += 1 }
                }
            }
            #expect(wrong == 0)
            #expect(page.resolution?.x == 1e4 / (0.25 * Double(factor)))
        }
    }
}
