extension ScanFormat {
    /// Scanners' dialects of TIFF that need more than TIFF (tiles that overlap, offsets past 4 GB, padded levels), and scans of
    /// several files or in SQLite's. What OpenSlide reads no better (Aperio's, plain TIFF) is left to ``tiff``.
    public static let openSlide = openSlide(
        suffixes: Set(["ndpi", "scn", "bif", "svslide"] + MultifileForm.allCases.map(\.suffix)),
        vendors: ["hamamatsu", "leica", "mirax", "philips", "sakura", "trestle", "ventana"])

    /// Sakura's files are databases (sqlite.org/fileformat.html), and few databases are Sakura's.
    private static let sqlite = Array("SQLite format 3\0".utf8)

    /// - Parameter vendors: whose files are read, as OpenSlide calls them.
    package static func openSlide(suffixes: Set<String>, vendors: Set<String>) -> ScanFormat {
        ScanFormat(
            name: "OpenSlide", suffixes: suffixes, signatures: tiff.signatures, namedSignatures: [sqlite],
            recogniseFiles: { files in
                let isPlausible =
                    files.form != nil || (try? start(of: files.descriptor, isOneOf: tiff.signatures + [sqlite])) == true
                return isPlausible && OpenSlideHandle.vendor(of: files).map(vendors.contains) == true
            }
        ) { (files, limits) throws(SlideError) in
            do throws(SlideError) {
                return try OpenSlideFile(files, limits: limits)
            } catch {
                // Philips' files are plain TIFF but for padded levels, and Ventana's say whether their tiles overlap.
                guard ["philips", "ventana"].contains(OpenSlideHandle.vendor(of: files)) else { throw error }
                return try TIFFScanFile(fileDescriptor: files.descriptor, limits: limits)
            }
        }
    }
}
