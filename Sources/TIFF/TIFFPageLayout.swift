/// How a page is to be written.
public struct TIFFPageLayout: Sendable {
    public enum Compression: Sendable, Hashable {
        case none, lzw, deflate, packBits, zstd, lzma, ccittGroup3, ccittGroup4
        /// With a quality from 1 to 100. Tile sides must be multiples of 16. Photometric `yCbCr` takes RGB samples.
        case jpeg(quality: Int)
        /// Colour under wholly transparent pixels is not kept.
        case webPLossless
    }

    public enum Predictor: Int32, Sendable, Hashable {
        case none = 1
        case horizontal = 2
        case floatingPoint = 3
    }

    public var width: Int
    public var height: Int
    public var samplesPerPixel: Int
    /// 1, 2, 4, 8, 12, 16, 32 or 64.
    public var bitsPerSample: Int
    public var sampleFormat: SampleFormat
    public var photometricInterpretation: PhotometricInterpretation
    public var planarConfiguration: PlanarConfiguration = .contiguous
    public var compression: Compression = .none
    public var predictor: Predictor = .none
    public var organisation: TIFFOrganisation
    public var extraSamples: [ExtraSample] = []
    public var chromaSubsampling = ChromaSubsampling(horizontal: 2, vertical: 2)
    public var orientation: Orientation = .topLeft
    public var resolution: TIFFResolution?
    public var subfileType: SubfileType = []
    public var imageDescription: String?
    public var software: String?
    /// Red, green and blue, each with `1 << bitsPerSample` values of 16 bits.
    public var colourMap: [[UInt16]]?
    /// How many of the pages that follow hang from this one as sub-IFDs.
    public var subdirectoryCount = 0

    /// RGB for three samples or more, else min-is-black, in strips of about 64 KiB.
    public init(
        width: Int, height: Int, samplesPerPixel: Int = 1, bitsPerSample: Int = 8,
        sampleFormat: SampleFormat = .unsigned
    ) {
        self.width = width
        self.height = height
        self.samplesPerPixel = samplesPerPixel
        self.bitsPerSample = bitsPerSample
        self.sampleFormat = sampleFormat
        photometricInterpretation = samplesPerPixel >= 3 ? .rgb : .minIsBlack
        let rowBytes = max(1, width * samplesPerPixel * bitsPerSample / 8)
        organisation = .strips(rowsPerStrip: max(1, min(height, 65536 / rowBytes)))
    }

    /// Bytes of a sample as the caller gives it: depths below 8 in a byte each, 12 bits in two bytes.
    var sampleByteCount: Int { bitsPerSample <= 8 ? 1 : bitsPerSample == 12 ? 2 : bitsPerSample / 8 }

    var isPlanar: Bool { planarConfiguration == .separate && samplesPerPixel > 1 }

    func check() throws(TIFFError) {
        let sides: [Int]
        switch organisation {
        case .strips(let rowsPerStrip): sides = [rowsPerStrip]
        case .tiles(let tileWidth, let tileHeight): sides = [tileWidth, tileHeight]
        }
        guard (sides + [width, height]).allSatisfy({ $0 > 0 && $0 < 1 << 31 }), (1...65535).contains(samplesPerPixel)
        else { throw TIFFError(.misuse, "a page of \(width) x \(height) x \(samplesPerPixel) cannot be written") }
        guard [1, 2, 4, 8, 12, 16, 32, 64].contains(bitsPerSample) else {
            throw TIFFError(.misuse, "samples of \(bitsPerSample) bits cannot be written")
        }
        if let colourMap {
            guard bitsPerSample <= 16, colourMap.count == 3, colourMap.allSatisfy({ $0.count == 1 << bitsPerSample })
            else { throw TIFFError(.misuse, "the colour map needs 3 x \(1 << bitsPerSample) values") }
        }
    }
}
