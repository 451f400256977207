/// Hamamatsu's VMU: a text that names two uncompressed pictures beside it, of 12 bits a colour, in columns.
///
/// By what OpenSlide documents and reads of it (`openslide-vendor-hamamatsu.c`).
public struct DrawnVMU {
    public let width: Int
    public let height: Int
    /// Of the picture that is a fourth as large along each side.
    private static let mapFactor = 4
    private static let columnWidth = 64
    /// In micrometres per pixel.
    public var spacing = 0.5
    /// The colour of a pixel of the whole slide.
    public let colour: (_ x: Int, _ y: Int) -> [UInt8]

    /// - Parameters:
    ///   - width: divisible by 256.
    ///   - height: divisible by 4.
    public init(width: Int, height: Int, colour: @escaping (_ x: Int, _ y: Int) -> [UInt8]) {
        (self.width, self.height, self.colour) = (width, height, colour)
    }

    /// Writes `NAME.vmu` and what belongs to it.
    public func write(_ name: String, in folder: TemporaryFolder) throws {
        try folder.write("\(name).vmu", description(name.split(separator: "/").last ?? ""))
        try folder.write("\(name).ngr", picture(every: 1))
        try folder.write("\(name)_map.ngr", picture(every: Self.mapFactor))
    }

    private func picture(every factor: Int) -> [UInt8] {
        let (width, height) = (width / factor, height / factor)
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
        var bytes: [UInt8] = [0x47, 0x4E, 0, 0]
        bytes += little(width) + little(height) + little(Self.columnWidth) + little(0) + little(0) + little(28)
        for column in 0..<width / Self.columnWidth {
            for y in 0..<height {
                for x in column * Self.columnWidth..<(column + 1) * Self.columnWidth {
                    for sample in colour(x * factor, y * factor) {
                        bytes += [sample << 4, sample >> 4]
                    }
                }
            }
        }
        return bytes
    }

    private func description(_ name: Substring) -> String {
        """
        [Uncompressed Virtual Microscope Specimen]\r
        NoLayers=1\r
        ImageFile=\(name).ngr\r
        MapFile=\(name)_map.ngr\r
        BitsPerPixel=36\r
        PixelOrder=RGB\r
        SourceLens=20\r
        PhysicalWidth=\(Int((Double(width) * spacing * 1_000).rounded()))\r
        PhysicalHeight=\(Int((Double(height) * spacing * 1_000).rounded()))\r

        """
    }
}
