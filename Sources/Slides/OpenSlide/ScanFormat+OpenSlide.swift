extension ScanFormat {
    /// Scanners' dialects of TIFF that need more than TIFF: tiles that overlap, offsets past 4 GB, padded levels. What OpenSlide
    /// reads no better (Aperio's, plain TIFF) is left to ``tiff``.
    public static let openSlide = openSlide(
        suffixes: ["ndpi", "scn", "bif"], vendors: ["hamamatsu", "leica", "philips", "trestle", "ventana"])

    /// - Parameter vendors: whose files are read, as OpenSlide calls them.
    package static func openSlide(suffixes: Set<String>, vendors: Set<String>) -> ScanFormat {
        ScanFormat(
            name: "OpenSlide", suffixes: suffixes, signatures: tiff.signatures,
            recognise: { descriptor in
                (try? start(of: descriptor, isOneOf: tiff.signatures)) == true
                    && OpenSlideHandle.vendor(of: descriptor).map(vendors.contains) == true
            }
        ) { (fileDescriptor, limits) throws(SlideError) in
            do throws(SlideError) {
                return try OpenSlideFile(fileDescriptor: fileDescriptor, limits: limits)
            } catch {
                // Philips' files are plain TIFF but for padded levels, and Ventana's say whether their tiles overlap.
                guard ["philips", "ventana"].contains(OpenSlideHandle.vendor(of: fileDescriptor)) else { throw error }
                return try TIFFScanFile(fileDescriptor: fileDescriptor, limits: limits)
            }
        }
    }
}
