/// Hamamatsu's VMS: a text that names JPEG files beside it, each a part of the slide, and one of all that is a fourth as large along
/// each side.
///
/// By what OpenSlide documents and reads of it (`openslide-vendor-hamamatsu.c`).
public struct DrawnVMS {
    /// Of the files side by side.
    private static let files = 2
    private static let mapFactor = 4
    /// Of pieces, in the map.
    private let columns: Int
    private let rows: Int
    /// In micrometres per pixel.
    public var spacing = 0.5
    /// Focal planes that it says it has: the first alone is written.
    public var layers = 1
    /// The colour of a pixel of the whole slide.
    public let colour: (_ x: Int, _ y: Int) -> [UInt8]

    public var width: Int { Self.mapFactor * columns * DrawnJPEG.pieceWidth }
    public var height: Int { Self.mapFactor * rows * DrawnJPEG.pieceHeight }

    /// - Parameters:
    ///   - columns: 1024 pixels each.
    ///   - rows: 32 pixels each.
    public init(columns: Int, rows: Int, colour: @escaping (_ x: Int, _ y: Int) -> [UInt8]) {
        (self.columns, self.rows, self.colour) = (columns, rows, colour)
    }

    /// Writes `NAME.vms` and what belongs to it.
    public func write(_ name: String, in folder: TemporaryFolder) throws {
        let (factor, files) = (Self.mapFactor, Self.files)
        let own = name.split(separator: "/").last ?? ""
        var names = "ImageFile=\(own)-0.jpg\r\n"
        for file in 0..<files {
            let across = factor * columns / files
            try folder.write(
                "\(name)-\(file).jpg", picture(columns: across, rows: factor * rows, from: file * across).file().bytes)
            if file > 0 { names += "ImageFile(\(file),0)=\(own)-\(file).jpg\r\n" }
        }
        let map = picture(columns: columns, rows: rows, every: factor)
        try folder.write("\(name)_map.jpg", map.file().bytes)
        try folder.write("\(name)_macro.jpg", map.file().bytes)
        try folder.write("\(name).vms", description(names, own))
    }

    private func picture(columns: Int, rows: Int, from first: Int = 0, every factor: Int = 1) -> DrawnJPEG {
        func piece(_ column: Int, _ row: Int) -> [UInt8] {
            let (left, top) = ((first + column) * DrawnJPEG.pieceWidth, row * DrawnJPEG.pieceHeight)
            var pixels: [UInt8] = []
            for y in top..<top + DrawnJPEG.pieceHeight {
                for x in left..<left + DrawnJPEG.pieceWidth { pixels += colour(factor * x, factor * y) }
            }
            return pixels
        }
        return DrawnJPEG(columns: columns, rows: rows, piece: piece)
    }

    private func description(_ names: String, _ name: Substring) -> String {
        """
        [Virtual Microscope Specimen]\r
        NoLayers=\(layers)\r
        NoJpegColumns=\(Self.files)\r
        NoJpegRows=1\r
        \(names)MapFile=\(name)_map.jpg\r
        MacroImage=\(name)_macro.jpg\r
        SourceLens=20\r
        PhysicalWidth=\(Int((Double(width) * spacing * 1_000).rounded()))\r
        PhysicalHeight=\(Int((Double(height) * spacing * 1_000).rounded()))\r

        """
    }
}
