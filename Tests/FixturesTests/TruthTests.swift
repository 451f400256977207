import Imaging
import Slides
import Testing

@testable import Fixtures

@Suite struct TruthTests {
    @Test(arguments: GlandClass.allCases)
    func truthAgreesWithTheLabels(glandClass: GlandClass) {
        let scene = SceneTests.scene(glandClass)
        let drawing = scene.draw()
        let truth = scene.truth(of: drawing)
        #expect(truth.map(\.number) == Array(1...drawing.glands.count))
        #expect(truth.map(\.area).reduce(0, +) == drawing.mask.foregroundCount)
        #expect(truth.allSatisfy { $0.glandClass == glandClass })
        for gland in truth {
            let indices = drawing.labels.indices.filter { Int(drawing.labels[$0]) == gland.number }
            let columns = indices.map { $0 % scene.width }
            let rows = indices.map { $0 / scene.width }
            #expect(gland.area == indices.count)
            #expect(abs(gland.centroidX - 0.5 - Double(columns.reduce(0, +)) / Double(gland.area)) < 1e-9)
            #expect(abs(gland.centroidY - 0.5 - Double(rows.reduce(0, +)) / Double(gland.area)) < 1e-9)
            let box = gland.boundingBox
            #expect(box.x == columns.min() && box.x + box.width - 1 == columns.max())
            #expect(box.y == rows.min() && box.y + box.height - 1 == rows.max())
            let isAtBorder =
                box.x == 0 || box.y == 0 || box.x + box.width == scene.width || box.y + box.height == scene.height
            #expect(gland.touchesBorder == isAtBorder)
        }
    }

    @Test func bandsAddUpToTheWhole() {
        let scene = SceneTests.scene(.adenocarcinoma, side: 900)
        var tally = TruthTally(of: scene)
        var banded: [GlandTruth] = []
        for y in stride(from: 0, to: scene.height, by: 200) {
            for x in stride(from: 0, to: scene.width, by: 256) {
                let drawing = scene.draw(
                    PixelWindow(x: x, y: y, width: min(256, scene.width - x), height: min(200, scene.height - y)))
                tally.add(drawing.sums(), of: drawing.glands)
            }
            banded += tally.endBand()
        }
        banded += tally.finish()
        let whole = scene.truth(of: scene.draw())
        #expect(banded.map(\.number) == whole.map(\.number))
        #expect(Set(banded.map(\.unnumbered)) == Set(whole.map(\.unnumbered)))
    }

    @Test func tableHasARowAGland() {
        let gland = GlandTruth(
            number: 3, glandClass: .lowGrade, area: 12, centroidX: 4.5, centroidY: 10.006,
            boundingBox: PixelWindow(x: 1, y: 2, width: 3, height: 4), touchesBorder: true)
        #expect(
            GlandTable.rows([gland], scan: "P/S.tif") == "P/S.tif,3,Low-grade IN,12,4.50,10.01,1,2,3,4,1\n")
    }
}

extension GlandTruth {
    /// All but the number, as text.
    var unnumbered: String { "\(glandClass) \(area) \(centroidX) \(centroidY) \(boundingBox)" }
}
