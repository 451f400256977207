import CTIFF

extension TIFFDirectory {
    /// Describes the directory that `handle` has loaded.
    init(loadedIn handle: borrowing TIFFHandle, index: Int, offset: UInt64, limits: TIFFLimits) throws(TIFFError) {
        func required(_ value: UInt32?, _ tag: Int32, _ name: String) throws(TIFFError) -> Int {
            guard let value else { throw TIFFError(.malformed, "there is no \(name)", tag: UInt16(tag)) }
            return Int(value)
        }
        self.index = index
        self.offset = offset
        width = try required(handle.uint32(TIFFTAG_IMAGEWIDTH), TIFFTAG_IMAGEWIDTH, "image width")
        height = try required(handle.uint32(TIFFTAG_IMAGELENGTH), TIFFTAG_IMAGELENGTH, "image length")
        bitsPerSample = Int(handle.uint16Defaulted(TIFFTAG_BITSPERSAMPLE) ?? 1)
        samplesPerPixel = Int(handle.uint16Defaulted(TIFFTAG_SAMPLESPERPIXEL) ?? 1)
        let format = handle.uint16Defaulted(TIFFTAG_SAMPLEFORMAT) ?? SampleFormat.unsigned.rawValue
        guard let sampleFormat = SampleFormat(rawValue: format) else {
            throw TIFFError(.unsupported, "sample format \(format)", tag: UInt16(TIFFTAG_SAMPLEFORMAT))
        }
        self.sampleFormat = sampleFormat
        extraSamples = handle.uint16s(TIFFTAG_EXTRASAMPLES).map { ExtraSample(rawValue: $0) ?? .unspecified }
        compressionValue = handle.uint16Defaulted(TIFFTAG_COMPRESSION) ?? 1
        compression = TIFFCompression(rawValue: compressionValue)
        photometricInterpretation =
            handle.uint16(TIFFTAG_PHOTOMETRIC).map { PhotometricInterpretation(rawValue: $0) }
            ?? (samplesPerPixel >= 3 ? .rgb : .minIsBlack)
        planarConfiguration =
            handle.uint16Defaulted(TIFFTAG_PLANARCONFIG).flatMap { PlanarConfiguration(rawValue: $0) } ?? .contiguous
        let subsampling = handle.uint16PairDefaulted(TIFFTAG_YCBCRSUBSAMPLING) ?? (1, 1)
        chromaSubsampling = ChromaSubsampling(horizontal: Int(subsampling.0), vertical: Int(subsampling.1))
        if TIFFIsTiled(handle.pointer) != 0 {
            organisation = .tiles(
                width: try required(handle.uint32(TIFFTAG_TILEWIDTH), TIFFTAG_TILEWIDTH, "tile width"),
                height: try required(handle.uint32(TIFFTAG_TILELENGTH), TIFFTAG_TILELENGTH, "tile length"))
        } else {
            let rows = handle.uint32(TIFFTAG_ROWSPERSTRIP).map { Int($0) } ?? height
            organisation = .strips(rowsPerStrip: min(rows, height))
        }
        orientation = handle.uint16Defaulted(TIFFTAG_ORIENTATION).flatMap { Orientation(rawValue: $0) } ?? .topLeft
        subfileType = Self.subfileType(in: handle)
        resolution = Self.resolution(in: handle)
        imageDescription = handle.string(TIFFTAG_IMAGEDESCRIPTION)
        software = handle.string(TIFFTAG_SOFTWARE)
        make = handle.string(TIFFTAG_MAKE)
        model = handle.string(TIFFTAG_MODEL)
        dateTime = handle.string(TIFFTAG_DATETIME)
        pageName = handle.string(TIFFTAG_PAGENAME)
        noDataValue = handle.bytes(42113).flatMap { bytes in
            // As GDAL writes it: a number in ASCII.
            Double(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).filter { !$0.isWhitespace })
        }
        toldSamples = Self.toldSamples(in: handle)
        inksAreCMYK = handle.uint16Defaulted(TIFFTAG_INKSET) ?? UInt16(INKSET_CMYK) == UInt16(INKSET_CMYK)
        applyDecoderConventions()
        refuseUndecodable(limits: limits)
    }

    /// Sets the refusal to what the header tells.
    mutating func refuseUndecodable(limits: TIFFLimits) {
        refusal = nil
        do throws(TIFFError) { try checkDecodable(limits: limits) } catch { refusal = error.at(directory: index) }
    }

    /// The logarithmic codecs are asked for 8-bit samples, whatever the directory says.
    private mutating func applyDecoderConventions() {
        if compression == .sgiLog || compression == .sgiLog24 {
            (bitsPerSample, sampleFormat) = (8, .unsigned)
        }
    }

    private static func toldSamples(in handle: borrowing TIFFHandle) -> ToldSamples {
        func told(_ tag: Int32, orElse older: Int32) -> Double? {
            let value = handle.double(tag) ?? handle.uint16(older).map(Double.init)
            return value.flatMap { $0.isFinite ? $0 : nil }
        }
        return ToldSamples(
            least: told(TIFFTAG_SMINSAMPLEVALUE, orElse: TIFFTAG_MINSAMPLEVALUE),
            greatest: told(TIFFTAG_SMAXSAMPLEVALUE, orElse: TIFFTAG_MAXSAMPLEVALUE))
    }

    /// libtiff takes a unit that it does not know for the inch.
    mutating func adoptResolutionUnit(_ value: UInt64?) {
        guard let value else { return }
        resolution?.unit = UInt16(exactly: value).flatMap { ResolutionUnit(rawValue: $0) } ?? .unknown
    }

    private static func subfileType(in handle: borrowing TIFFHandle) -> SubfileType {
        if let value = handle.uint32(TIFFTAG_SUBFILETYPE) { return SubfileType(rawValue: value) }
        return handle.uint16(TIFFTAG_OSUBFILETYPE) == UInt16(OFILETYPE_REDUCEDIMAGE) ? .reducedResolution : []
    }

    private static func resolution(in handle: borrowing TIFFHandle) -> TIFFResolution? {
        func usable(_ value: Float?) -> Float? { value.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } }
        let (givenX, givenY) = (usable(handle.float(TIFFTAG_XRESOLUTION)), usable(handle.float(TIFFTAG_YRESOLUTION)))
        // Where only one is given, pixels are squares.
        guard let x = givenX ?? givenY, let y = givenY ?? givenX else { return nil }
        return TIFFResolution(x: Double(x), y: Double(y), unit: .inch)
    }

    private func checkDecodable(limits: TIFFLimits) throws(TIFFError) {
        guard width > 0, height > 0, samplesPerPixel > 0 else {
            throw TIFFError(.malformed, "the image is empty: \(width) x \(height) x \(samplesPerPixel)")
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limits.maximumPixelsPerImage else {
            throw TIFFError(.limit, "\(width) x \(height) pixels are more than \(limits.maximumPixelsPerImage)")
        }
        guard sampleType != nil else {
            throw TIFFError(.unsupported, "\(bitsPerSample)-bit samples of format \(sampleFormat)")
        }
        guard isJPEG2000 || TIFFIsCODECConfigured(UInt16(clamping: substituteScheme ?? Int32(compressionValue))) != 0
        else {
            let number = compression == .other(compressionValue) ? "" : " (\(compressionValue))"
            throw TIFFError(
                .unsupported, "\(compression.name)\(number) is not available", tag: UInt16(TIFFTAG_COMPRESSION))
        }
        if isJPEG2000 || isLosslessJPEG, bitsPerSample > (isJPEG2000 ? 32 : 16) || sampleFormat == .floatingPoint {
            let format = sampleFormat == .floatingPoint ? "floating-point" : "integer"
            throw TIFFError(.unsupported, "\(compression.name) with \(bitsPerSample)-bit \(format) samples")
        }
        if compression == .jpeg, !isLosslessJPEG, bitsPerSample != 8 {
            throw TIFFError(
                .unsupported, "JPEG with \(bitsPerSample)-bit samples", tag: UInt16(TIFFTAG_BITSPERSAMPLE))
        }
        if isSubsampled {
            let factors = [chromaSubsampling.horizontal, chromaSubsampling.vertical]
            guard bitsPerSample == 8, samplesPerPixel == 3, planarConfiguration == .contiguous,
                factors.allSatisfy({ [1, 2, 4].contains($0) })
            else {
                throw TIFFError(.unsupported, "chroma subsampling of \(bitsPerSample)-bit or separate samples")
            }
        }
        _ = try ChunkGrid(self, limits: limits)
    }
}
