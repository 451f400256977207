import Foundation
import TestSupport
import Testing

@testable import Fixtures

@Suite struct ObjectSetTests {
    static let sets = [("blood-smear", ObjectSet.bloodSmear), ("nuclei", ObjectSet.nuclei)]

    /// The bytes of the codecs are those of Debian 12's libraries.
    @Test(arguments: sets) func theCommittedDemonstrationIsWhatTheGeneratorWrites(name: String, set: ObjectSet) throws {
        let folder = try TemporaryFolder()
        try set.write(to: folder.path)
        let written = try fileContents(of: folder.path)
        let expected = try fileContents(of: Repository.path("Fixtures/\(name)"))
        #expect(written.keys.sorted() == expected.keys.sorted())
        #expect(written.keys.filter { written[$0] != expected[$0] }.isEmpty)
        #expect(expected.values.map(\.count).reduce(0, +) < 2_000_000)
    }

    @Test(arguments: sets) func everyObjectIsWholeAndHasPixelsOfItsOwn(name: String, set: ObjectSet) throws {
        for scan in set.scans {
            let drawing = scan.scene.draw()
            let (width, height) = (drawing.picture.width, drawing.picture.height)
            var areas = [Int](repeating: 0, count: drawing.classes.count + 1)
            for (index, label) in drawing.labels.enumerated() {
                areas[Int(label)] += 1
                let (x, y) = (index % width, index / width)
                #expect(label == 0 || (x > 0 && y > 0 && x < width - 1 && y < height - 1))
            }
            #expect(areas.dropFirst().allSatisfy { $0 > 100 })
            #expect(drawing.classes.count >= 12)
        }
    }

    @Test func boxesHoldTheirPixels() {
        let labels: [UInt16] = [0, 0, 0, 0, 2, 0, 1, 1, 2, 2, 0, 1]
        let drawing = ObjectDrawing(
            picture: Picture(width: 4, height: 3, pixels: Array(repeating: 0, count: 36)), labels: labels,
            classes: ["a", "b"])
        #expect(drawing.rows(scan: "s.tif") == "s.tif,2,1,2,2,a\ns.tif,0,1,2,2,b\n")
    }
}
