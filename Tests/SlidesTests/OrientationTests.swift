import Slides
import TIFF
import Testing

/// Images to be turned when displayed: tag 274.
@Suite struct OrientationTests {
    @Test(arguments: [(Orientation.bottomRight, 2), (.topLeft, 1)])
    func aLevelTurnedOtherwiseThanItsImageIsLeftOut(orientation: Orientation, levels: Int) throws {
        let scan = try DrawnTIFF.scan([
            DrawnTIFF.Page(64, 48, [1, 2, 3]) { $0.orientation = .bottomRight },
            DrawnTIFF.Page(32, 24, [1, 2, 3]) {
                $0.subfileType = .reducedResolution
                $0.orientation = orientation
            },
        ])
        #expect(try scan.mainPyramid().levels.count == levels)
        #expect(scan.pyramids.count == 1)
    }
}
