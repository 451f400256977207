import TIFF

extension Flavour {
    /// - Parameter spacing: micrometres per pixel, when the tags shall tell.
    func layout(width: Int, height: Int, spacing: Double?) -> TIFFPageLayout {
        let sampleCount =
            switch samples {
            case .rgb8, .rgb16: 3
            case .rgba8: 4
            case .palette: 1
            }
        let bits = if case .rgb16 = samples { 16 } else { 8 }
        var layout = TIFFPageLayout(
            width: width, height: height, samplesPerPixel: sampleCount, bitsPerSample: bits)
        layout.compression = compression
        layout.organisation = organisation(height: height)
        layout.planarConfiguration = self == .planarStrips || self == .planarTiles ? .separate : .contiguous
        layout.extraSamples = self == .alpha ? [.unassociatedAlpha] : []
        layout.orientation = self == .upsideDown ? .bottomRight : .topLeft
        switch compression {
        case .lzw, .deflate, .zstd: layout.predictor = .horizontal
        case .jpeg: layout.photometricInterpretation = .yCbCr
        default: break
        }
        layout.resolution = spacing.map { TIFFResolution(micrometresPerPixel: $0) }
        return layout
    }

    private var compression: TIFFPageLayout.Compression {
        switch self {
        case .strips, .oneRowStrips, .tiles, .bigEndian: .none
        case .lzwStrips, .lzwTiles, .planarStrips, .bigTIFF, .bigEndian16Bit, .upsideDown, .pyramidPages: .lzw
        case .deflateStrips, .deflateTiles, .planarTiles, .sixteenBit, .alpha, .pyramidSubdirectories: .deflate
        case .packBitsStrips, .palette: .packBits
        case .zstdStrips, .zstdTiles: .zstd
        case .lzmaStrips: .lzma
        case .webPTiles: .webPLossless
        case .jpegStrips, .jpegTiles: .jpeg(quality: 90)
        }
    }

    private func organisation(height: Int) -> TIFFOrganisation {
        switch self {
        case .tiles, .lzwTiles, .deflateTiles, .zstdTiles, .webPTiles, .planarTiles, .bigTIFF, .alpha, .pyramidPages,
            .pyramidSubdirectories, .jpegTiles:
            .tiles(width: 128, height: 128)
        case .oneRowStrips: .strips(rowsPerStrip: 1)
        // JPEG strips end on whole blocks of subsampled chroma.
        default: .strips(rowsPerStrip: min(64, height))
        }
    }
}

extension TIFFResolution {
    /// A spacing as pixels per centimetre.
    init(micrometresPerPixel spacing: Double) {
        self.init(x: 10_000 / spacing, y: 10_000 / spacing, unit: .centimetre)
    }
}
