/// The description of an OME-TIFF of one image (ome-model 2016-06), its channels a page each.
public enum OMEDescription {
    /// - Parameters:
    ///   - pixelType: as OME calls it, such as `uint8`.
    ///   - channels: their names; nil for one without.
    ///   - micrometresPerPixel: along x and y; nil where it was not measured.
    public static func xml(
        image: String, pixelType: String, width: Int, height: Int, channels: [String?],
        micrometresPerPixel: (x: Double, y: Double)?
    ) -> String {
        // Micrometres are the unit where none is named.
        let spacing = micrometresPerPixel.map { #" PhysicalSizeX="\#($0.x)" PhysicalSizeY="\#($0.y)""# } ?? ""
        let names = channels.enumerated().map { index, name in
            let name = name.map { #" Name="\#(escaped($0))""# } ?? ""
            return #"<Channel ID="Channel:0:\#(index)"\#(name) SamplesPerPixel="1"/>"#
        }
        let pages = channels.indices.map { #"<TiffData FirstC="\#($0)" IFD="\#($0)" PlaneCount="1"/>"# }
        return #"<?xml version="1.0" encoding="UTF-8"?>"#
            + #"<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" "#
            + #"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="#
            + #""http://www.openmicroscopy.org/Schemas/OME/2016-06 "#
            + #"http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd" Creator="\#(LabelImage.software)">"#
            + #"<Image ID="Image:0" Name="\#(image)"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" "#
            + #"Type="\#(pixelType)" SizeX="\#(width)" SizeY="\#(height)" SizeC="\#(channels.count)" SizeZ="1" SizeT="1""#
            + "\(spacing)>\(names.joined())\(pages.joined())</Pixels></Image></OME>"
    }

    /// TIFF's texts are ASCII, and XML's characters have numbers.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            scalar.isASCII && !"<>&\"'".unicodeScalars.contains(scalar) && scalar.value >= 0x20
                ? String(scalar) : "&#\(max(scalar.value, 0x20));"
        }.joined()
    }
}
