/// The values of samples that are shown as black and as white.
public struct SampleRange: Sendable, Hashable {
    public let lowest: Double
    public let highest: Double
    /// One line on how the range came about, where it is not simply that of the samples' type.
    public let remark: String?

    init(_ range: ClosedRange<Double>, remark: String? = nil) {
        (lowest, highest, self.remark) = (range.lowerBound, range.upperBound, remark)
    }

    /// Zero to the greatest value of so many bits.
    init(bits: Int, remark: String? = nil) { self.init(0...Self.greatest(bits), remark: remark) }

    static func greatest(_ bits: Int) -> Double { Double(sign: .plus, exponent: bits, significand: 1) - 1 }

    /// The usual ranges of floating-point images; those of cameras' depths are more of a guess, and said.
    static let usual: [ClosedRange<Double>] = [0...1, 0...255] + cameras + [0...65535]
    private static let cameras = [10, 12, 14].map { 0...greatest($0) }
    /// What counts as of each: resampling and divisions by a flat field overshoot by some per cent in many pixels.
    static let usualWithOvershoot = usual.map { $0.lowerBound - 0.05 * $0.upperBound...1.05 * $0.upperBound }

    /// The first of the usual ranges that holds all but this share of the samples, or else that from the least to the
    /// greatest.
    init(floatingPoint samples: SampleStatistics, withoutOutermost share: Double) {
        let range = samples.range ?? 0...1
        let allowed = Int(Double(samples.finiteCount) * share)
        let fitting = samples.finiteBeyond.indices.first { index in
            samples.finiteBeyond[index] <= allowed
                && (index == 0 || range.upperBound > Self.usual[index - 1].upperBound)
        }
        let shown = fitting.map { Self.usual[$0] } ?? range
        // A hundred of 255 may be per cent.
        let isWhole =
            shown.contains(range.lowerBound) && shown.contains(range.upperBound) && !Self.cameras.contains(shown)
            && (shown.upperBound == 1 || 2 * range.upperBound > shown.upperBound)
        let values = "values from \(range.lowerBound) to \(range.upperBound)"
        self.init(
            shown,
            remark: fitting == nil
                ? "\(values): the least was read as black, the greatest as white"
                : isWhole ? nil : "\(values): read as \(Int(shown.lowerBound)) to \(Int(shown.upperBound))")
    }

    /// All values of the directory's integers.
    init(allBitsOf directory: TIFFDirectory) {
        let bits = directory.bitsPerSample
        guard directory.sampleFormat == .signed else {
            self.init(bits: bits)
            return
        }
        self.init(-Self.greatest(bits - 1) - 1...Self.greatest(bits - 1))
    }
}

extension TIFFReader {
    /// Samples that may be brighter than the depth found: pixels that the camera got wrong, or that resampling overshot.
    private static let outliers = 0.001

    /// What is black and white in an image: the whole range of its integers, but of words that hold a camera's 10, 12 or
    /// 14 bits these, and of floating-point samples 0...1, 0...255 or up to 10, 12, 14 or 16 bits, the first that holds all but one in a
    /// thousand, or else from their least to their greatest.
    ///
    /// How many bits of a word are used is what the file says (SMaxSampleValue, MaxSampleValue, or `significantBits`),
    /// and never fewer than the values need: all but one in a thousand of those on up to 64 tiles or strips, spread evenly
    /// over the image. A range that the file tells and that is no depth (SMinSampleValue is not 0, or SMaxSampleValue has
    /// 9, 11, 13 or 15 bits) is taken as it is, if the values keep to it likewise. Floating-point images are read as a whole.
    ///
    /// - Parameters:
    ///   - level: a lower resolution of the image, whose values tell as much and are fewer.
    ///   - significantBits: the bits that are used, where other metadata tell.
    public func sampleRange(
        of directory: TIFFDirectory, lookingAt level: TIFFDirectory? = nil, significantBits: Int? = nil
    ) throws(TIFFError) -> SampleRange {
        if directory.sampleFormat == .floatingPoint {
            return SampleRange(floatingPoint: try statistics(of: directory), withoutOutermost: Self.outliers)
        }
        let full = SampleRange(allBitsOf: directory)
        let photometric = directory.photometricInterpretation
        guard SampleDepths.words.contains(directory.bitsPerSample),
            ![.palette, .cieLab, .iccLab].contains(photometric),
            let depths = try sampleDepths(of: level ?? directory)
        else { return full }
        let found = depths.bits(withoutBrightest: Self.outliers)
        let told = directory.toldSamples
        let said = SampleDepths.usual(atLeast: significantBits ?? told.significantBits ?? depths.container)
        // A file that names all the bits of its words says nothing.
        let bits = said < depths.container ? max(said, found) : found
        if let range = told.range(ofBits: bits), depths.areAsTold(butFor: Self.outliers) {
            let values = "values from \(range.lowerBound) to \(range.upperBound), by the file"
            return SampleRange(range, remark: "\(values): the least was read as black, the greatest as white")
        }
        guard bits < depths.container else {
            guard directory.sampleFormat == .signed, !depths.hasNegative else { return full }
            return SampleRange(bits: depths.container - 1, remark: "no value is negative: 0 was read as black")
        }
        return SampleRange(bits: bits, remark: "values up to \((UInt64(1) << bits) - 1): read as \(bits) bits")
    }
}
