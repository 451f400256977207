import TIFF

extension ScanFormat {
    /// TIFF and BigTIFF with their dialects: plain files, OME-TIFF, Aperio's and ImageJ's.
    public static let tiff = ScanFormat(
        name: "TIFF", suffixes: ["tif", "tiff", "btf", "tf2", "tf8", "svs", "qptiff"],
        // Little and big-endian, classic TIFF and BigTIFF.
        signatures: [
            [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A], [0x49, 0x49, 0x2B, 0x00], [0x4D, 0x4D, 0x00, 0x2B],
        ]
    ) { (fileDescriptor, limits) throws(SlideError) in
        try TIFFScanFile(fileDescriptor: fileDescriptor, limits: limits)
    }
}

extension TIFFLimits {
    init(_ limits: ReadingLimits) {
        self.init(
            maximumPixelsPerImage: limits.maximumPixelsPerImage, maximumTileBytes: limits.maximumTileBytes,
            maximumCacheBytes: limits.maximumCacheBytes, maximumTileCacheBytes: limits.maximumTileCacheBytes,
            maximumExpansion: limits.maximumExpansion)
    }
}

extension SlideError {
    package init(_ error: TIFFError) {
        let kind: Kind =
            switch error.kind {
            case .malformed: .malformed
            case .unsupported: .unsupported
            case .misuse: .misuse
            case .inputOutput: .inputOutput
            case .limit: .limit
            }
        self.init(kind, "\(error)")
    }
}
