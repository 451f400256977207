import TIFF

/// The first image of a TIFF file as the numbers that it holds, not as the colours that they stand for: a mask, or a label
/// image. Alpha is left out.
public struct NumberPicture {
    public let width: Int
    public let height: Int
    private let reader: TIFFReader
    private let directory: TIFFDirectory

    /// - Throws: also for a picture whose numbers are not what somebody drew, or not where: each would count.
    public init(path: String) throws(SlideError) {
        let file = try TIFFScanFile(path: path)
        guard file.pyramids.count < 2 else {
            throw SlideError(
                .unsupported, "it holds \(file.pyramids.count) pictures: write the one that is meant alone")
        }
        reader = file.reader
        directory = file.directory(of: try file.mainPyramid().levels[0])
        (width, height) = (directory.width, directory.height)
        guard directory.compression != .jpeg, directory.compression != .oldJPEG else {
            throw SlideError(
                .unsupported, "it is in JPEG, which changes the numbers at every edge: write it in a lossless form")
        }
        let channels = directory.samplesPerPixel - directory.extraSamples.count { $0 != .unspecified }
        guard channels == 1 || ![.minIsBlack, .minIsWhite].contains(directory.photometricInterpretation) else {
            throw SlideError(.unsupported, "it has \(channels) grey channels: write the one that is meant alone")
        }
        guard directory.orientation == .topLeft else {
            throw SlideError(.unsupported, "it is to be turned (tag 274): write its pixels as they lie on the scan")
        }
    }

    /// What pixels are marked by, `[rows, width]`: 0 where they are not, else a number for each colour. Marked is what is not
    /// black, and of a palette, or of a file by a program that writes arrays, what is not 0.
    ///
    /// - Throws: also for numbers that are not whole, which mark nothing for sure.
    public func marks(in rows: Range<Int>) throws(SlideError) -> [UInt64] {
        let (samples, absent) = try samples(in: rows)
        let colours = max(1, samples.samplesPerPixel - directory.extraSamples.count)
        // Black is all zero bits in any number format, but where samples count the other way.
        let black: UInt64 =
            directory.photometricInterpretation == .minIsWhite && !holdsArray
            ? UInt64.max >> (64 - min(64, directory.bitsPerSample)) : 0
        var marks = [UInt64](repeating: 0, count: rows.count * width)
        let isFloat = directory.sampleFormat == .floatingPoint
        var isWhole = true
        samples.forEachNumber { index, number in
            let (pixel, sample) = index.quotientAndRemainder(dividingBy: samples.samplesPerPixel)
            guard sample < colours else { return }
            let value = isFloat ? float(number, byteCount: samples.type.byteCount) : 0
            if isFloat, !value.isFinite || value != value.rounded() { isWhole = false }
            let mark = isFloat && value == 0 ? 0 : number ^ black
            // Of several channels a mixture, so that two colours have two.
            if marks[pixel] != 0 || mark != 0 {
                let mixed = (marks[pixel] &+ UInt64(sample)) &* 0x9E37_79B9_7F4A_7C15 ^ mark
                marks[pixel] = max(1, sample == 0 ? mark : mixed)
            }
        }
        guard isWhole else {
            throw SlideError(
                .unsupported,
                "it holds fractions, or what is no number: write 0 where the structure is not, and 1 where it is")
        }
        // Nothing is marked in what the file leaves out, whatever its samples would mean.
        for hole in absent {
            for row in hole.y..<hole.endY {
                let start = row * width + hole.x
                marks.replaceSubrange(start..<start + hole.width, with: repeatElement(0, count: hole.width))
            }
        }
        return marks
    }

    /// `[height, width]`, 0 in what the file leaves out; nil where there is not one channel of whole numbers of 8, 16 or 32
    /// bits.
    public func labels() throws(SlideError) -> [UInt32]? {
        let (samples, _) = try samples(in: 0..<height)
        guard samples.samplesPerPixel == 1, directory.sampleFormat == .unsigned,
            [1, 2, 4].contains(samples.type.byteCount)
        else { return nil }
        var labels = [UInt32](repeating: 0, count: height * width)
        samples.forEachNumber { index, number in labels[index] = UInt32(number) }
        return labels
    }

    /// - Returns: also what of it the file leaves out; its samples are 0.
    private func samples(in rows: Range<Int>) throws(SlideError) -> (SampleBuffer, absent: [PixelWindow]) {
        do throws(TIFFError) {
            return try reader.readPresentSamples(
                directory, window: PixelWindow(x: 0, y: rows.lowerBound, width: width, height: rows.count))
        } catch {
            throw SlideError(error)
        }
    }

    private func float(_ bits: UInt64, byteCount: Int) -> Double {
        switch byteCount {
        case 2: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
        case 4: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        default: Double(bitPattern: bits)
        }
    }

    /// Whether what was written are numbers, and not a picture: what is not 0 is then marked, whatever it looks like. tifffile
    /// (and scikit-image by it) writes arrays of booleans min-is-white, ImageJ what it shows by an inverted table.
    private var holdsArray: Bool {
        directory.software?.hasPrefix("tifffile") == true
            || directory.imageDescription.map { $0.hasPrefix("ImageJ=") || $0.hasPrefix(#"{"shape": ["#) } == true
    }
}

extension SampleBuffer {
    /// The bits of each sample, of a width of 8, 16, 32 or 64, and its index in `[rows, width, samples]`.
    fileprivate func forEachNumber(_ body: (Int, UInt64) -> Void) {
        bytes.withUnsafeBytes { bytes in
            switch type.byteCount {
            case 1: for index in 0..<bytes.count { body(index, UInt64(bytes[index])) }
            case 2: Self.forEach(bytes, UInt16.self, body)
            case 4: Self.forEach(bytes, UInt32.self, body)
            default: Self.forEach(bytes, UInt64.self, body)
            }
        }
    }

    private static func forEach<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ type: Number.Type, _ body: (Int, UInt64) -> Void
    ) {
        let size = MemoryLayout<Number>.size
        for index in 0..<bytes.count / size {
            body(index, UInt64(bytes.loadUnaligned(fromByteOffset: index * size, as: type)))
        }
    }
}
