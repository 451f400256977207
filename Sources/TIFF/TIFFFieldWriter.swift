import CTIFF

/// Sets the tags of a page that is about to be written.
struct TIFFFieldWriter {
    let pointer: OpaquePointer
    let layout: TIFFPageLayout

    /// - Parameter failure: makes the error for a tag that libtiff does not take.
    func setAll(_ failure: (String) -> TIFFError) throws(TIFFError) {
        var accepted = true
        func set(_ tag: Int32, _ value: Int) {
            accepted = ctiff_set_int(pointer, UInt32(tag), Int32(value)) == 1 && accepted
        }
        func set(_ tag: Int32, _ text: String?) {
            if let text { accepted = ctiff_set_string(pointer, UInt32(tag), text) == 1 && accepted }
        }
        func set(_ tag: Int32, size: Int) {
            accepted = ctiff_set_uint32(pointer, UInt32(tag), UInt32(truncatingIfNeeded: size)) == 1 && accepted
        }
        set(TIFFTAG_SUBFILETYPE, size: Int(layout.subfileType.rawValue))
        set(TIFFTAG_IMAGEWIDTH, size: layout.width)
        set(TIFFTAG_IMAGELENGTH, size: layout.height)
        set(TIFFTAG_SAMPLESPERPIXEL, layout.samplesPerPixel)
        set(TIFFTAG_BITSPERSAMPLE, layout.bitsPerSample)
        set(TIFFTAG_SAMPLEFORMAT, Int(layout.sampleFormat.rawValue))
        set(TIFFTAG_PLANARCONFIG, Int(layout.planarConfiguration.rawValue))
        set(TIFFTAG_PHOTOMETRIC, Int(layout.photometricInterpretation.rawValue))
        set(TIFFTAG_ORIENTATION, Int(layout.orientation.rawValue))
        switch layout.organisation {
        case .strips(let rowsPerStrip):
            set(TIFFTAG_ROWSPERSTRIP, size: rowsPerStrip)
        case .tiles(let width, let height):
            set(TIFFTAG_TILEWIDTH, size: width)
            set(TIFFTAG_TILELENGTH, size: height)
        }
        if !layout.extraSamples.isEmpty {
            let values = layout.extraSamples.map(\.rawValue)
            let result = ctiff_set_counted_uint16s(pointer, UInt32(TIFFTAG_EXTRASAMPLES), Int32(values.count), values)
            accepted = result == 1 && accepted
        }
        if let map = layout.colourMap {
            accepted = ctiff_set_colour_map(pointer, map[0], map[1], map[2]) == 1 && accepted
        }
        if let resolution = layout.resolution {
            accepted = ctiff_set_double(pointer, UInt32(TIFFTAG_XRESOLUTION), resolution.x) == 1 && accepted
            accepted = ctiff_set_double(pointer, UInt32(TIFFTAG_YRESOLUTION), resolution.y) == 1 && accepted
            set(TIFFTAG_RESOLUTIONUNIT, Int(resolution.unit.rawValue))
        }
        set(TIFFTAG_IMAGEDESCRIPTION, layout.imageDescription)
        set(TIFFTAG_SOFTWARE, layout.software)
        if layout.subdirectoryCount > 0 {
            let offsets = [UInt64](repeating: 0, count: layout.subdirectoryCount)
            let result = ctiff_set_counted_uint64s(pointer, UInt32(TIFFTAG_SUBIFD), Int32(offsets.count), offsets)
            accepted = result == 1 && accepted
        }
        set(TIFFTAG_COMPRESSION, Int(layout.compression.scheme))
        switch layout.compression {
        case .jpeg(let quality):
            set(TIFFTAG_JPEGQUALITY, quality)
            if layout.photometricInterpretation == .yCbCr { set(TIFFTAG_JPEGCOLORMODE, Int(JPEGCOLORMODE_RGB)) }
        case .webPLossless: set(TIFFTAG_WEBP_LOSSLESS, 1)
        case .lzw, .deflate, .zstd, .lzma: set(TIFFTAG_PREDICTOR, Int(layout.predictor.rawValue))
        case .none, .packBits, .ccittGroup3, .ccittGroup4: break
        }
        if layout.photometricInterpretation == .yCbCr {
            // Only the JPEG encoder subsamples; other data is written as it is given.
            let isJPEG = if case .jpeg = layout.compression { true } else { false }
            let factors = isJPEG ? layout.chromaSubsampling : .none
            let result = ctiff_set_int_pair(
                pointer, UInt32(TIFFTAG_YCBCRSUBSAMPLING), Int32(factors.horizontal), Int32(factors.vertical))
            accepted = result == 1 && accepted
        }
        guard accepted else { throw failure("libtiff does not take the page's layout") }
    }
}

extension TIFFPageLayout.Compression {
    fileprivate var scheme: Int32 {
        switch self {
        case .none: COMPRESSION_NONE
        case .lzw: COMPRESSION_LZW
        case .deflate: COMPRESSION_ADOBE_DEFLATE
        case .packBits: COMPRESSION_PACKBITS
        case .zstd: COMPRESSION_ZSTD
        case .lzma: COMPRESSION_LZMA
        case .ccittGroup3: COMPRESSION_CCITTFAX3
        case .ccittGroup4: COMPRESSION_CCITTFAX4
        case .jpeg: COMPRESSION_JPEG
        case .webPLossless: COMPRESSION_WEBP
        }
    }
}

extension PhotometricInterpretation {
    public var rawValue: UInt16 {
        switch self {
        case .minIsWhite: 0
        case .minIsBlack: 1
        case .rgb: 2
        case .palette: 3
        case .transparencyMask: 4
        case .separated: 5
        case .yCbCr: 6
        case .cieLab: 8
        case .iccLab: 9
        case .ituLab: 10
        case .logL: 32844
        case .logLuv: 32845
        case .other(let value): value
        }
    }
}
