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
        try LabelImage.writePlanes(
            planes, width: width, height: height, micrometresPerPixel: tileSize, description: description, to: path)
    }

    private var description: String {
        let count = map.classes.count
        let spacing = tileSize.map { #" PhysicalSizeX="\#($0.x)" PhysicalSizeY="\#($0.y)""# } ?? ""
        let channels = map.classes.enumerated().map { index, label in
            #"<Channel ID="Channel:0:\#(index)" Name="\#(Self.escaped(label))" SamplesPerPixel="1"/>"#
        }
        let planes = (0..<count).map { #"<TiffData FirstC="\#($0)" IFD="\#($0)" PlaneCount="1"/>"# }
        return #"<?xml version="1.0" encoding="UTF-8"?>"#
            + #"<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" "#
            + #"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="#
            + #""http://www.openmicroscopy.org/Schemas/OME/2016-06 "#
            + #"http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd" Creator="\#(LabelImage.software)">"#
            + #"<Image ID="Image:0" Name="probabilities"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" "#
            + #"Type="uint8" SizeX="\#(map.columns.count)" SizeY="\#(map.rows.count)" SizeC="\#(count)" SizeZ="1" SizeT="1""#
            + "\(spacing)>\(channels.joined())\(planes.joined())</Pixels></Image></OME>"
    }

    /// TIFF's texts are ASCII, and XML's characters have numbers.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.isASCII && !"<>&\"'".unicodeScalars.contains(scalar) && scalar.value >= 0x20
                ? String(scalar) : "&#\(max(scalar.value, 0x20));"
        }.joined()
    }
}
