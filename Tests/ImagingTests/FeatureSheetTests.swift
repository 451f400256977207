import Imaging
import NeuralNetworks
import Testing

@Suite struct FeatureSheetTests {
    /// Two maps of 4 x 4: one rises from left to right, the other is the same everywhere.
    private static let features = Tensor(
        shape: [1, 2, 4, 4], (0..<32).map { (index: Int) -> Float in index < 16 ? Float(index % 4) : 5 })

    @Test func drawsEveryMapStretchedToItsRange() throws {
        let image = try FeatureSheet(Self.features, title: "layer").image
        var counts: [UInt8: Int] = [:]
        for pixel in image.pixels { counts[pixel, default: 0] += 1 }
        // The four columns of the first map, and the middle grey of one without contrast; 24 times as large.
        let column = 24 * 4 * 24
        #expect(counts[0] == column)
        #expect(counts[85] == column)
        #expect(counts[170] == column)
        #expect(counts[128] == 4 * column)
    }

    @Test func labelsChangeWithTheTitle() throws {
        let (first, second) = (try FeatureSheet(Self.features, title: "a"), try FeatureSheet(Self.features, title: "b"))
        #expect(first.image.pixels != second.image.pixels)
        #expect(first.image.width == second.image.width)
    }

    @Test(arguments: [[1, 1000], [1, 7, 9], [2, 3, 1, 1], [1, 1, 700, 3]] as [Shape])
    func drawsOtherShapes(shape: Shape) throws {
        let features = Tensor(shape: shape, (0..<shape.elementCount).map { Float($0) })
        let image = try FeatureSheet(features, title: "\(shape)").image
        #expect(image.width < 2_000 && image.height < 2_000)
        #expect(Set(image.pixels).count > 1)
    }

    @Test func drawsWhatIsNoNumber() throws {
        let features = Tensor(shape: [1, 1, 2, 2], [Float.nan, .infinity, -1, 1])
        #expect(try FeatureSheet(features, title: "").image.width > 0)
    }

    @Test(arguments: [[3], [1, 0, 2, 2], [1, 2, 2, 2, 2], [1, 20_000, 1, 1]] as [Shape])
    func refusesWhatAreNoMaps(shape: Shape) {
        let features = Tensor(shape: shape, [Float](repeating: 0, count: shape.elementCount))
        #expect(throws: ImagingError.self) { try FeatureSheet(features, title: "") }
    }
}
