import Imaging
import Slides
import Testing

@testable import Fixtures

@Suite struct SceneTests {
    static func scene(
        _ glandClass: GlandClass = .normal, seed: UInt64 = 5, side: Int = 600, tissue: TissueExtent = .everywhere
    ) -> Scene {
        Scene(seed: seed, patient: 7, glandClass: glandClass, width: side, height: side - 40, tissue: tissue)
    }

    @Test func theSameSeedGivesTheSameScan() {
        let first = Self.scene().draw()
        let second = Self.scene().draw()
        #expect(first.pixels == second.pixels)
        #expect(first.labels == second.labels)
        #expect(first.pixels != Self.scene(seed: 6).draw().pixels)
    }

    @Test(arguments: GlandClass.allCases, [TissueExtent.everywhere, .edge, .pieces(share: 0.6)])
    func aWindowIsTheCropOfTheWhole(glandClass: GlandClass, tissue: TissueExtent) throws {
        let scene = Self.scene(glandClass, tissue: tissue)
        let whole = scene.draw()
        for window in [
            PixelWindow(x: 0, y: 0, width: 150, height: 80), PixelWindow(x: 201, y: 133, width: 97, height: 211),
            PixelWindow(x: 599, y: 559, width: 1, height: 1), PixelWindow(x: 450, y: 300, width: 150, height: 260),
        ] {
            let part = scene.draw(window)
            for row in 0..<window.height {
                let start = (window.y + row) * scene.width + window.x
                let line = row * window.width..<(row + 1) * window.width
                try #require(
                    part.pixels[line.lowerBound * 3..<line.upperBound * 3]
                        == whole.pixels[start * 3..<(start + window.width) * 3])
                let crop = whole.labels[start..<start + window.width].map { $0 == 0 ? nil : whole.glands[Int($0) - 1] }
                try #require(part.labels[line].map { $0 == 0 ? nil : part.glands[Int($0) - 1] } == crop)
            }
        }
    }

    /// As many connected sets of mask pixels as glands: none is split, no two touch.
    @Test(arguments: GlandClass.allCases)
    func glandsAreWholeAndApart(glandClass: GlandClass) {
        let drawing = Self.scene(glandClass, side: 1500, tissue: .pieces(share: 0.8)).draw()
        #expect(drawing.glands.count > 10)
        #expect(drawing.mask.components.count == drawing.glands.count)
    }

    @Test func glandsHaveTheSizeOfTheTrainingScans() {
        let scene = Self.scene(side: 1500)
        let areas = scene.truth(of: scene.draw()).filter { !$0.touchesBorder }.map(\.area).sorted()
        // Whole normal crypts of EBHI-Seg are 54 to 79 pixels wide (10th and 90th percentile): 2,290 to 4,900 pixels.
        #expect((2200...5000).contains(areas[areas.count / 2]))
    }

    @Test func bareGlassHasOneColourAndNoGland() {
        let drawing = Self.scene(tissue: .nowhere).draw()
        #expect(drawing.glands.isEmpty)
        #expect(Set(drawing.pixels.chunks(of: 3)).count == 1)
    }

    @Test func piecesLieOnGlassClearOfTheBorder() {
        let drawing = Self.scene(side: 1200, tissue: .pieces(share: 0.7)).draw()
        let glass = Self.scene(side: 1200, tissue: .nowhere).draw().pixels[0..<3]
        let width = drawing.window.width
        #expect((0..<width).allSatisfy { drawing.pixels[$0 * 3..<$0 * 3 + 3] == glass })
        #expect(!drawing.glands.isEmpty)
    }

    @Test func spacingScalesTheSameTissue() {
        let coarse = Scene(seed: 5, patient: 7, glandClass: .polyp, width: 300, height: 300, spacing: 1.2)
        let fine = Scene(seed: 5, patient: 7, glandClass: .polyp, width: 600, height: 600, spacing: 0.6)
        let areas = [coarse, fine].map { scene in scene.truth(of: scene.draw()).map(\.area).reduce(0, +) }
        #expect(abs(Double(areas[1]) / Double(areas[0]) - 4) < 0.02)
    }
}

extension Array {
    fileprivate func chunks(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<$0 + count]) }
    }
}
