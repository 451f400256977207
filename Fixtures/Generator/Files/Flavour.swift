import TIFF

/// A way in which TIFF can hold the same picture.
public enum Flavour: String, CaseIterable, Sendable {
    case strips = "strips"
    case oneRowStrips = "strips-of-one-row"
    case lzwStrips = "strips-lzw"
    case deflateStrips = "strips-deflate"
    case packBitsStrips = "strips-packbits"
    case zstdStrips = "strips-zstd"
    case lzmaStrips = "strips-lzma"
    case tiles = "tiles"
    case lzwTiles = "tiles-lzw"
    case deflateTiles = "tiles-deflate"
    case zstdTiles = "tiles-zstd"
    case webPTiles = "tiles-webp"
    case planarStrips = "planar-strips-lzw"
    case planarTiles = "planar-tiles-deflate"
    case bigTIFF = "bigtiff-tiles-lzw"
    case bigEndian = "big-endian-strips"
    case bigEndian16Bit = "big-endian-16-bit-lzw"
    case sixteenBit = "16-bit-deflate"
    case alpha = "rgba-tiles-deflate"
    case upsideDown = "upside-down-lzw"
    case pyramidPages = "pyramid-pages"
    case pyramidSubdirectories = "pyramid-sub-ifds"
    /// For pictures of up to 256 colours.
    case palette = "palette-packbits"
    case jpegStrips = "strips-jpeg"
    case jpegTiles = "tiles-jpeg"

    /// Whether the pixels read back are the pixels written.
    public var isLossless: Bool { self != .jpegStrips && self != .jpegTiles }

    public static let lossless = allCases.filter(\.isLossless)

    /// How a pixel is turned into samples.
    enum Samples {
        case rgb8
        /// Every sample times 257.
        case rgb16
        /// With an alpha sample, opaque.
        case rgba8
        case palette
    }

    var samples: Samples {
        switch self {
        case .bigEndian16Bit, .sixteenBit: .rgb16
        case .alpha: .rgba8
        case .palette: .palette
        default: .rgb8
        }
    }

    var isBigTIFF: Bool { self == .bigTIFF }

    var byteOrder: TIFFWriter.ByteOrder {
        switch self {
        case .bigEndian, .bigEndian16Bit: .bigEndian
        default: .littleEndian
        }
    }

    /// How many reduced pages follow the picture.
    var reducedLevels: Int { self == .pyramidPages || self == .pyramidSubdirectories ? 2 : 0 }
}
