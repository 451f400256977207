/// Converts the samples of one image to 8-bit RGB.
struct RGBConverter {
    private enum Colour {
        case grey(inverted: Bool)
        case rgb
        /// 3 bytes for each index.
        case palette([UInt8])
        /// Cyan, magenta and yellow alone.
        case cmy
        case cmyk
        case ycck(YCbCrConversion)
        case yCbCr(YCbCrConversion)
        case lab(LabEncoding)
    }

    private let colour: Colour
    private let scaling: SampleScaling
    private let samplesPerPixel: Int
    private let alpha: AlphaSample?
    /// Whether the samples are 8-bit RGB already.
    let isIdentity: Bool
    /// The colour of what the file leaves out.
    private(set) var background: RGBColour

    /// - Parameters:
    ///   - range: that of the rendering, or what the directory's samples tell.
    ///   - rendering: its background is for files that name no light colour of their own: absent tiles are glass, which is
    ///     never dark.
    ///   - referenceBlackWhite: tag 532, which speaks of YCbCr only where the photometric interpretation is that.
    init(
        _ directory: TIFFDirectory, palette: [[UInt16]]?, range: SampleRange, rendering: TIFFRendering,
        lumaCoefficients: [Float]?, referenceBlackWhite: [Float]?
    ) throws(TIFFError) {
        guard let type = directory.sampleType else { throw TIFFError(.unsupported, "samples of no known type") }
        samplesPerPixel = directory.samplesPerPixel
        // As what is absent is: glass, and no hole.
        scaling = SampleScaling(
            range, type: type, notANumber: directory.photometricInterpretation == .minIsWhite ? 0 : 255)
        background = rendering.background
        let photometric = directory.photometricInterpretation
        let jpeg2000: TIFFCompression.JPEG2000Variant? =
            if case .jpeg2000(let variant) = directory.compression { variant } else { nil }
        let conversion = YCbCrConversion(
            luma: lumaCoefficients, referenceBlackWhite: photometric == .yCbCr ? referenceBlackWhite : nil)
        switch photometric {
        case .rgb where jpeg2000 == .aperioYCbCr && samplesPerPixel >= 3: colour = .yCbCr(conversion)
        case .minIsBlack where jpeg2000 == .aperioYCbCr && directory.holdsThreeGreys: colour = .yCbCr(conversion)
        case .minIsBlack where directory.holdsThreeGreys: colour = .rgb
        case .minIsWhite, .minIsBlack, .transparencyMask, .logL:
            // What is not alpha is a channel, such as a stain's: tifffile and others call it unspecified.
            guard samplesPerPixel - directory.extraSamples.count(where: { $0 != .unspecified }) <= 1 else {
                throw TIFFError(
                    .unsupported,
                    "\(samplesPerPixel) grey channels in a pixel: nobody can tell their colours; write them as RGB",
                    tag: 262)
            }
            colour = .grey(inverted: photometric == .minIsWhite)
        case .separated:
            let inks =
                samplesPerPixel - (directory.extraSamples.count < samplesPerPixel ? directory.extraSamples.count : 0)
            guard directory.inksAreCMYK, inks > 2 else { throw TIFFError(.unsupported, "inks other than CMYK") }
            colour = inks == 3 ? .cmy : directory.isJPEGOfYCCK ? .ycck(conversion) : .cmyk
        case _ where samplesPerPixel == 1 && photometric != .palette: colour = .grey(inverted: false)
        case _ where samplesPerPixel < photometric.colourSamples:
            throw TIFFError(
                .unsupported, "\(samplesPerPixel) samples in a pixel are no \(photometric.name)", tag: 262)
        case .rgb, .logLuv: colour = .rgb
        case .palette:
            guard let palette, type == .uint8 || type == .uint16 else {
                throw TIFFError(.malformed, "there is no usable palette", tag: 320)
            }
            colour = .palette(Self.bytes(of: palette))
        case .yCbCr:
            let isRGB =
                directory.isDecodedToRGB || directory.isJPEGOfRGB || directory.compression == .webP
                || jpeg2000 == .aperioRGB
            colour = isRGB ? .rgb : .yCbCr(conversion)
        case .cieLab, .iccLab:
            guard let encoding = LabEncoding(photometric, type: type) else {
                throw TIFFError(.unsupported, "\(photometric.name) with \(directory.bitsPerSample)-bit samples")
            }
            colour = .lab(encoding)
        case .ituLab, .other:
            throw TIFFError(.unsupported, "\(photometric.name) cannot be shown in RGB", tag: 262)
        }
        alpha = rendering.ignoresAlpha ? nil : directory.alphaSample
        isIdentity =
            if case .rgb = colour, type == .uint8, directory.bitsPerSample == 8, samplesPerPixel == 3 {
                true
            } else {
                false
            }
        if directory.noDataValue != nil { adoptLightBackground(directory.absentSample(type)) }
    }

    /// What is darker than this, in any colour, is no glass.
    private static let lightest: UInt8 = 128

    private mutating func adoptLightBackground(_ sample: AbsentSample) {
        let bytes = (0..<scaling.type.byteCount).map { UInt8(truncatingIfNeeded: sample.bitPattern >> UInt64(8 * $0)) }
        let pixel = SampleBuffer(
            width: 1, height: 1, samplesPerPixel: samplesPerPixel, type: scaling.type,
            bytes: (0..<samplesPerPixel).flatMap { _ in bytes })
        let rgb = convert(pixel)
        guard rgb.allSatisfy({ $0 >= Self.lightest }) else { return }
        background = RGBColour(red: rgb[0], green: rgb[1], blue: rgb[2])
    }

    /// Palettes have 16 bits a colour; those whose values all fit 8 come from writers that forgot to scale them.
    private static func bytes(of palette: [[UInt16]]) -> [UInt8] {
        let isNarrow = palette.allSatisfy { $0.allSatisfy { $0 < 256 } }
        let channels = palette.map { $0.map { UInt8(truncatingIfNeeded: isNarrow ? $0 : $0 >> 8) } }
        return channels[0].indices.flatMap { index in channels.map { $0[index] } }
    }

    /// `[height, width, samplesPerPixel]` to `[height, width, 3]`.
    func convert(_ samples: SampleBuffer) -> [UInt8] {
        let pixels = samples.width * samples.height
        return [UInt8](unsafeUninitializedCapacity: pixels * 3) { output, initialised in
            let scaled = scaling.scaled(samples)
            scaled.withUnsafeBufferPointer { input in
                write(samples, scaled: input, pixels: pixels, to: output)
                composite(input, pixels: pixels, on: output)
            }
            initialised = pixels * 3
        }
    }

    private func write(
        _ samples: SampleBuffer, scaled input: UnsafeBufferPointer<UInt8>, pixels: Int,
        to output: UnsafeMutableBufferPointer<UInt8>
    ) {
        let step = samplesPerPixel
        switch colour {
        case .grey(let inverted):
            let mask: UInt8 = inverted ? 255 : 0
            for pixel in 0..<pixels {
                let value = input[pixel * step] ^ mask
                output[pixel * 3] = value
                output[pixel * 3 + 1] = value
                output[pixel * 3 + 2] = value
            }
        case .rgb:
            for pixel in 0..<pixels {
                output[pixel * 3] = input[pixel * step]
                output[pixel * 3 + 1] = input[pixel * step + 1]
                output[pixel * 3 + 2] = input[pixel * step + 2]
            }
        case .palette(let table):
            samples.bytes.withUnsafeBytes { raw in
                let isWide = samples.type == .uint16
                for pixel in 0..<pixels {
                    let index =
                        isWide
                        ? Int(raw.load(fromByteOffset: pixel * step * 2, as: UInt16.self)) : Int(raw[pixel * step])
                    for channel in 0..<3 { output[pixel * 3 + channel] = table[index * 3 + channel] }
                }
            }
        case .cmy:
            for pixel in 0..<pixels {
                for channel in 0..<3 { output[pixel * 3 + channel] = 255 - input[pixel * step + channel] }
            }
        case .cmyk:
            for pixel in 0..<pixels {
                let paper = 255 - UInt32(input[pixel * step + 3])
                for channel in 0..<3 {
                    let product = (255 - UInt32(input[pixel * step + channel])) * paper
                    output[pixel * 3 + channel] = UInt8(truncatingIfNeeded: (product + 127) / 255)
                }
            }
        case .ycck(let conversion):
            conversion.convert(input, step: step, pixels: pixels, to: output)
            for pixel in 0..<pixels {
                let paper = 255 - UInt32(input[pixel * step + 3])
                for index in pixel * 3..<pixel * 3 + 3 {
                    output[index] = UInt8(truncatingIfNeeded: (UInt32(output[index]) * paper + 127) / 255)
                }
            }
        case .yCbCr(let conversion):
            conversion.convert(input, step: step, pixels: pixels, to: output)
        case .lab(let encoding):
            encoding.convert(samples, to: output)
        }
    }

    private func composite(
        _ input: UnsafeBufferPointer<UInt8>, pixels: Int, on output: UnsafeMutableBufferPointer<UInt8>
    ) {
        guard let alpha else { return }
        for pixel in 0..<pixels {
            let opacity = UInt32(input[pixel * samplesPerPixel + alpha.index])
            if opacity == 255 { continue }
            for index in pixel * 3..<pixel * 3 + 3 {
                let value = UInt32(output[index])
                let covered = alpha.isAssociated ? value : (value * opacity + 127) / 255
                output[index] = UInt8(truncatingIfNeeded: min(255, covered + 255 - opacity))
            }
        }
    }
}
