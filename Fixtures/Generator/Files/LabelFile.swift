import TIFF

/// A label image: 16 bits a pixel, 0 for background and n for the n-th object.
struct LabelFile {
    let width: Int
    let height: Int
    /// `[height, width]`
    let labels: [UInt16]

    /// - Throws: `FixtureError`.
    func write(to path: String) throws(FixtureError) {
        var layout = TIFFPageLayout(width: width, height: height, samplesPerPixel: 1, bitsPerSample: 16)
        layout.compression = .lzw
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: path, byteOrder: .littleEndian)
            try writer.beginPage(layout)
            try writer.writeRows(labels.span)
            try writer.finish()
        } catch {
            throw FixtureError(.inputOutput, "cannot write \(path)", underlying: error)
        }
    }
}
