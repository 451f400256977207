import Findings
import Slides

/// What a stage thought of each tile that it graded, as an OME-TIFF (ome-model 2016-06) of 8 bits: a channel a class, a pixel a
/// tile, the probability times 255; 0 where nothing was graded.
struct ProbabilityImage {
    private let map: HeatMap
    /// In micrometres; nil where it was not measured.
    private let tileSize: (x: Double, y: Double)?

    /// - Parameter micrometresPerPixel: of level 0; nil where it was not measured.
    init(_ map: HeatMap, micrometresPerPixel: Double?) {
        self.map = map
        tileSize = micrometresPerPixel.map { spacing in
            (x: Self.step(of: map.columns) * spacing, y: Self.step(of: map.rows) * spacing)
        }
    }

    /// From a tile to its neighbour, in level-0 pixels.
    private static func step(of ranges: [Range<Int>]) -> Double {
        guard ranges.count > 1 else { return Double(ranges[0].count) }
        return Double(ranges[ranges.count - 1].lowerBound - ranges[0].lowerBound) / Double(ranges.count - 1)
    }

    func write(to path: String) throws(SlideError) {
        let (width, height) = (map.columns.count, map.rows.count)
        var planes = [[UInt8]](repeating: [UInt8](repeating: 0, count: width * height), count: map.classes.count)
        map.forEachTile { column, row, probabilities in
            for (index, probability) in probabilities.enumerated() {
                planes[index][row * width + column] = UInt8((probability * 255).rounded())
            }
        }
        let description = OMEDescription.xml(
            image: "probabilities", pixelType: "uint8", width: width, height: height, channels: map.classes,
            micrometresPerPixel: tileSize)
        try LabelImage.writePlanes(
            planes, width: width, height: height, micrometresPerPixel: tileSize, description: description, to: path)
    }
}
