import CTIFF

/// How the pixels are stored: the value of tag 259.
public enum TIFFCompression: Sendable, Hashable {
    case none
    case ccittRLE
    case ccittGroup3
    case ccittGroup4
    case lzw
    case oldJPEG
    case jpeg
    case deflate
    case packBits
    case zstd
    case lzma
    case webP
    case lerc
    case jbig
    case jpegXL
    case jpegXR
    case png
    /// JPEG 2000, by any of its three numbers.
    case jpeg2000(JPEG2000Variant)
    case pixarLog
    case sgiLog
    case sgiLog24
    case thunderScan
    case next
    case other(UInt16)

    /// Which of the numbers in use for JPEG 2000 the file has, for it tells the colour space.
    public enum JPEG2000Variant: UInt16, Sendable {
        case aperioYCbCr = 33003
        case lossy = 33004
        case aperioRGB = 33005
        case standard = 34712
    }

    // Numbers that libtiff does not know, of codecs that it does.
    private static let alternativeJPEG: Int32 = 33007
    private static let lossyDNG: Int32 = 34892
    private static let pixTIFFDeflate: Int32 = 50013
    private static let formerZSTD: Int32 = 34926
    private static let formerWebP: Int32 = 34927

    // Numbers of codecs that libtiff does not know.
    private static let jpegXRNumbers: Set<Int32> = [22610, 34934]
    private static let pngNumber: Int32 = 34933

    public init(rawValue: UInt16) {
        switch Int32(rawValue) {
        case COMPRESSION_NONE: self = .none
        case COMPRESSION_CCITTRLE, COMPRESSION_CCITTRLEW: self = .ccittRLE
        case COMPRESSION_CCITTFAX3: self = .ccittGroup3
        case COMPRESSION_CCITTFAX4: self = .ccittGroup4
        case COMPRESSION_LZW: self = .lzw
        case COMPRESSION_OJPEG: self = .oldJPEG
        case COMPRESSION_JPEG, Self.alternativeJPEG, Self.lossyDNG: self = .jpeg
        case COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE, Self.pixTIFFDeflate: self = .deflate
        case COMPRESSION_PACKBITS: self = .packBits
        case COMPRESSION_ZSTD, Self.formerZSTD: self = .zstd
        case COMPRESSION_LZMA: self = .lzma
        case COMPRESSION_WEBP, Self.formerWebP: self = .webP
        case COMPRESSION_LERC: self = .lerc
        case COMPRESSION_JBIG: self = .jbig
        case COMPRESSION_JXL: self = .jpegXL
        case let number where Self.jpegXRNumbers.contains(number): self = .jpegXR
        case Self.pngNumber: self = .png
        case COMPRESSION_PIXARLOG: self = .pixarLog
        case COMPRESSION_SGILOG: self = .sgiLog
        case COMPRESSION_SGILOG24: self = .sgiLog24
        case COMPRESSION_THUNDERSCAN: self = .thunderScan
        case COMPRESSION_NEXT: self = .next
        default: self = JPEG2000Variant(rawValue: rawValue).map { .jpeg2000($0) } ?? .other(rawValue)
        }
    }

    public var name: String {
        switch self {
        case .none: "none"
        case .ccittRLE: "CCITT RLE"
        case .ccittGroup3: "CCITT Group 3"
        case .ccittGroup4: "CCITT Group 4"
        case .lzw: "LZW"
        case .oldJPEG: "old-style JPEG"
        case .jpeg: "JPEG"
        case .deflate: "Deflate"
        case .packBits: "PackBits"
        case .zstd: "ZSTD"
        case .lzma: "LZMA"
        case .webP: "WebP"
        case .lerc: "LERC"
        case .jbig: "JBIG"
        case .jpegXL: "JPEG XL"
        case .jpegXR: "JPEG XR"
        case .png: "PNG"
        case .jpeg2000: "JPEG 2000"
        case .pixarLog: "PixarLog"
        case .sgiLog: "SGILog"
        case .sgiLog24: "SGILog24"
        case .thunderScan: "ThunderScan"
        case .next: "NeXT"
        case .other(let value): "compression \(value)"
        }
    }

    /// The codec's number in libtiff, for those that some files call by another.
    var libraryScheme: Int32? {
        switch self {
        case .jpeg: COMPRESSION_JPEG
        case .deflate: COMPRESSION_ADOBE_DEFLATE
        case .zstd: COMPRESSION_ZSTD
        case .webP: COMPRESSION_WEBP
        default: nil
        }
    }

    /// Whether decoding a strip row by row is possible; the other codecs decode it whole.
    var decodesByScanline: Bool {
        switch self {
        case .none, .ccittRLE, .ccittGroup3, .ccittGroup4, .lzw, .jpeg, .deflate, .packBits, .zstd, .lzma: true
        default: false
        }
    }
}
