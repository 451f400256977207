import CTIFF

/// One image of a file, as its directory (IFD) describes it.
public struct TIFFDirectory: Sendable, Hashable {
    /// The number of the top-level directory, from 0; a sub-IFD has that of the one it hangs from.
    public internal(set) var index: Int
    /// Where in the file the directory lies, in bytes; this identifies it.
    public internal(set) var offset: UInt64
    /// Stored columns and rows.
    public internal(set) var width: Int
    public internal(set) var height: Int
    public internal(set) var bitsPerSample: Int
    public internal(set) var sampleFormat: SampleFormat
    public internal(set) var samplesPerPixel: Int
    /// The samples after those of the colour.
    public internal(set) var extraSamples: [ExtraSample]
    public internal(set) var photometricInterpretation: PhotometricInterpretation
    public internal(set) var planarConfiguration: PlanarConfiguration
    public internal(set) var compression: TIFFCompression
    /// The number of the compression scheme in the file.
    public internal(set) var compressionValue: UInt16
    /// The horizontal and vertical factors by which chroma is subsampled.
    public internal(set) var chromaSubsampling: ChromaSubsampling
    public internal(set) var organisation: TIFFOrganisation
    public internal(set) var orientation: Orientation
    public internal(set) var subfileType: SubfileType
    public internal(set) var resolution: TIFFResolution?
    public internal(set) var imageDescription: String?
    public internal(set) var software: String?
    public internal(set) var make: String?
    public internal(set) var model: String?
    public internal(set) var dateTime: String?
    public internal(set) var pageName: String?
    /// Whether the separated inks are cyan, magenta, yellow and black.
    public internal(set) var inksAreCMYK: Bool
    /// The images that hang from this one: reduced resolutions, or whatever the writer meant.
    public internal(set) var subdirectories: [Result<TIFFDirectory, TIFFError>] = []
    /// Why the pixels cannot be read, where the header already tells.
    public internal(set) var refusal: TIFFError?

    /// Columns and rows as displayed, which are the stored ones exchanged where the orientation says so.
    public var displayedWidth: Int { orientation.swapsAxes ? height : width }
    public var displayedHeight: Int { orientation.swapsAxes ? width : height }

    /// The type in which `readSamples` returns the samples, if there is one.
    public var sampleType: SampleType? { SampleType(format: sampleFormat, bitsPerSample: bitsPerSample) }

    /// Whether the samples are differences although libtiff ignores the predictor.
    var isDifferencedUnknownToLibtiff = false

    /// libtiff ignores the predictor where nothing, or PackBits, compresses; some writers, and tifffile, do not. Nor does
    /// it read the tag where it does not know the codec's number.
    var libtiffIgnoresPredictor: Bool {
        [.none, .packBits].contains(compression) || (compression == .deflate && substituteScheme != nil)
    }

    /// The JPEG image that the first tile or strip is, if it is one by itself.
    private(set) var jpegFrame: JPEGFrame?

    var toldSamples = ToldSamples()

    /// What the file says (tag 42113, GDAL's) that samples without a value hold.
    var noDataValue: Double?

    /// The codec that libtiff is to use instead of the one that the number in the file means to it.
    var substituteScheme: Int32? {
        if compression == .oldJPEG { return jpegFrame == nil ? nil : COMPRESSION_JPEG }
        return TIFFIsCODECConfigured(compressionValue) != 0 ? nil : compression.libraryScheme
    }

    /// Takes over what the JPEG image itself says. Old-style JPEG whose strips are images by themselves is JPEG like any
    /// other.
    mutating func adopt(_ frame: JPEGFrame?, limits: TIFFLimits) {
        guard let frame, frame.samplingFactors.count == samplesPerPixel || planarConfiguration == .separate else {
            return
        }
        jpegFrame = frame
        if compression == .oldJPEG { chromaSubsampling = frame.samplingFactors[0] }
        refuseUndecodable(limits: limits)
    }

    /// libjpeg knows nothing of it.
    var isLosslessJPEG: Bool { jpegFrame?.isLossless == true }

    var isDecodedByLibjpeg: Bool { (compression == .jpeg || jpegFrame != nil) && !isLosslessJPEG }

    /// JPEG stores YCbCr, but its decoder gives RGB; of planes it gives each as it is.
    var isDecodedToRGB: Bool {
        isDecodedByLibjpeg && !isPlanar
            && jpegIsYCbCr ?? (photometricInterpretation == .yCbCr)
    }

    /// Whether JPEG stores RGB although the photometric interpretation is YCbCr.
    var isJPEGOfRGB: Bool { photometricInterpretation == .yCbCr && !isLosslessJPEG && jpegIsYCbCr == false }

    /// Whether JPEG stores cyan, magenta and yellow as YCbCr, which libtiff leaves as it is.
    var isJPEGOfYCCK: Bool {
        photometricInterpretation == .separated && samplesPerPixel == 4 && !isPlanar && jpegFrame?.adobeTransform == 2
    }

    /// What the JPEG images themselves say of their colours counts more than the photometric interpretation: Aperio
    /// writes RGB there, whatever it stores. Nil where they do not tell, or it is not for them to tell.
    private var jpegIsYCbCr: Bool? {
        guard samplesPerPixel == 3, !isPlanar, [.rgb, .yCbCr, .minIsBlack].contains(photometricInterpretation) else {
            return nil
        }
        return jpegFrame?.isYCbCr
    }

    var isPlanar: Bool { planarConfiguration == .separate && samplesPerPixel > 1 }

    /// libtiff knows nothing of it.
    var isJPEG2000: Bool { if case .jpeg2000 = compression { true } else { false } }

    /// Whether the decoded data comes in blocks of luma samples with one pair of chroma samples.
    var isSubsampled: Bool {
        photometricInterpretation == .yCbCr && !isDecodedToRGB && !isJPEGOfRGB && !isLosslessJPEG
            && (chromaSubsampling.horizontal > 1 || chromaSubsampling.vertical > 1)
            && compression != .webP && !isJPEG2000
    }
}

/// How many luma columns and rows share one chroma sample: tag 530.
public struct ChromaSubsampling: Sendable, Hashable {
    public var horizontal: Int
    public var vertical: Int

    public init(horizontal: Int, vertical: Int) {
        (self.horizontal, self.vertical) = (horizontal, vertical)
    }

    public static let none = ChromaSubsampling(horizontal: 1, vertical: 1)
}

/// Pixels per `unit` along the stored columns and rows: tags 282, 283 and 296.
public struct TIFFResolution: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var unit: ResolutionUnit

    public init(x: Double, y: Double, unit: ResolutionUnit) {
        (self.x, self.y, self.unit) = (x, y, unit)
    }
}

extension SampleType {
    /// The narrowest type that holds samples of this depth; nil where nothing does (complex numbers, odd floats).
    init?(format: SampleFormat, bitsPerSample bits: Int) {
        switch format {
        case .unsigned, .undefined:
            switch bits {
            case 1...8: self = .uint8
            case 9...16: self = .uint16
            case 17...32: self = .uint32
            case 33...64: self = .uint64
            default: return nil
            }
        case .signed:
            switch bits {
            case 1...8: self = .int8
            case 9...16: self = .int16
            case 17...32: self = .int32
            case 33...64: self = .int64
            default: return nil
            }
        case .floatingPoint:
            switch bits {
            case 16, 24, 32: self = .float32
            case 64: self = .float64
            default: return nil
            }
        case .complexSigned, .complexFloatingPoint:
            return nil
        }
    }
}
