import TIFF

/// Writes a whole picture in one of the flavours.
struct PictureFile {
    let flavour: Flavour
    /// Micrometres per pixel, when the tags shall tell.
    let spacing: Double?

    /// - Throws: `FixtureError`: `unrepresentable` for a palette of too many colours, `inputOutput`.
    func write(_ picture: Picture, to path: String) throws(FixtureError) {
        let palette: Palette?
        if case .palette = flavour.samples { palette = try Palette(of: picture) } else { palette = nil }
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: path, isBigTIFF: flavour.isBigTIFF, byteOrder: flavour.byteOrder)
            var level = picture
            for reduction in 0...flavour.reducedLevels {
                if reduction > 0 { level = level.halved() }
                var layout = flavour.layout(width: level.width, height: level.height, spacing: spacing)
                layout.resolution = spacing.map {
                    TIFFResolution(micrometresPerPixel: $0 * Double(1 << reduction))
                }
                layout.subfileType = reduction > 0 ? .reducedResolution : []
                if flavour == .pyramidSubdirectories, reduction == 0 {
                    layout.subdirectoryCount = flavour.reducedLevels
                }
                if let palette {
                    layout.photometricInterpretation = .palette
                    layout.colourMap = palette.colourMap
                }
                try writer.beginPage(layout)
                try write(level, palette: palette, with: &writer)
            }
            try writer.finish()
        } catch {
            throw FixtureError(.inputOutput, "cannot write \(path)", underlying: error)
        }
    }

    private func write(
        _ picture: Picture, palette: Palette?, with writer: inout TIFFWriter
    ) throws(TIFFError) {
        let stored = flavour == .upsideDown ? picture.turnedUpsideDown() : picture
        switch flavour.samples {
        case .rgb8: try writer.writeRows(stored.pixels.span)
        case .rgb16:
            let samples = stored.pixels.map { UInt16($0) * 257 }
            try writer.writeRows(samples.span)
        case .rgba8:
            let samples = stored.withOpaqueAlpha()
            try writer.writeRows(samples.span)
        case .palette:
            let samples = palette?.indices(of: stored) ?? []
            try writer.writeRows(samples.span)
        }
    }
}
