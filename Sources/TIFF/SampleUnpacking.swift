/// Turns decoded bytes into samples of whole machine types.
struct SampleUnpacking {
    private enum Kind {
        case identity
        /// Whole samples of this many bits, most significant bit first, rows padded to bytes.
        case bits(Int, isSigned: Bool)
        /// Three bytes each.
        case triples(isSigned: Bool, isMostSignificantFirst: Bool)
        case float16
        case float24
        /// Blocks of luma samples followed by their two chroma samples, 8 bits each.
        case subsampled(ChromaSubsampling)
    }

    private let kind: Kind
    private let type: SampleType

    /// - Parameter isSwapped: whether the file's byte order is not the machine's.
    init(_ directory: TIFFDirectory, isSwapped: Bool) {
        let isSigned = directory.sampleFormat == .signed
        type = directory.sampleType ?? .uint8
        kind =
            switch (directory.bitsPerSample, directory.sampleFormat) {
            case _ where directory.isSubsampled: .subsampled(directory.chromaSubsampling)
            case (16, .floatingPoint): .float16
            case (24, .floatingPoint): .float24
            case (8, _), (16, _), (32, _), (64, _): .identity
            case (24, _):
                // libtiff swaps triples as if they were words, but writers pack them as the bit stream that they are,
                // most significant byte first in either byte order.
                .triples(isSigned: isSigned, isMostSignificantFirst: !isSwapped)
            case (let bits, _): .bits(bits, isSigned: isSigned)
            }
    }

    /// Whether the decoded bytes are the samples already.
    var isIdentity: Bool { if case .identity = kind { true } else { false } }

    /// Unpacks `rows` rows of `width` pixels of `samples` samples.
    func unpack(
        _ source: UnsafeRawBufferPointer, packedRowBytes: Int, rows: Int, width: Int, samples: Int,
        into destination: UnsafeMutableRawBufferPointer
    ) {
        if case .subsampled(let factors) = kind {
            unpackBlocks(source, factors, packedRowBytes: packedRowBytes, rows: rows, width: width, into: destination)
            return
        }
        let count = width * samples
        for row in 0..<rows {
            let input = UnsafeRawBufferPointer(rebasing: source[(row * packedRowBytes)...])
            let rowBytes = count * type.byteCount
            let output = UnsafeMutableRawBufferPointer(rebasing: destination[(row * rowBytes)..<((row + 1) * rowBytes)])
            switch kind {
            case .identity: output.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<rowBytes]))
            case .bits(let bits, let isSigned):
                switch type.byteCount {
                case 1: unpackBits(input, bits, isSigned, into: output.bindMemory(to: UInt8.self))
                case 2: unpackBits(input, bits, isSigned, into: output.bindMemory(to: UInt16.self))
                case 4: unpackBits(input, bits, isSigned, into: output.bindMemory(to: UInt32.self))
                default: unpackBits(input, bits, isSigned, into: output.bindMemory(to: UInt64.self))
                }
            case .triples(let isSigned, let isMostSignificantFirst):
                let values = output.bindMemory(to: UInt32.self)
                for index in 0..<count {
                    let value = Self.triple(input, index, isMostSignificantFirst)
                    values[index] = isSigned ? UInt32(bitPattern: Int32(bitPattern: value << 8) >> 8) : value
                }
            case .float16:
                let (halves, values) = (input.assumingMemoryBound(to: UInt16.self), output.bindMemory(to: Float.self))
                for index in 0..<count { values[index] = Self.float(half: halves[index]) }
            case .float24:
                let values = output.bindMemory(to: Float.self)
                for index in 0..<count { values[index] = Self.float(triple: Self.triple(input, index, false)) }
            case .subsampled: break
            }
        }
    }

    /// Adds each sample to the one of the pixel before, modulo two to the bits per sample.
    func accumulate(_ buffer: UnsafeMutableRawBufferPointer, rows: Int, width: Int, samples: Int) {
        let bits: Int
        switch kind {
        case .bits(let count, _): bits = count
        case .triples: bits = 24
        case .identity: bits = type.byteCount * 8
        case .float16, .float24, .subsampled: return
        }
        func run<Element: FixedWidthInteger & UnsignedInteger>(_ values: UnsafeMutableBufferPointer<Element>) {
            let mask = Element.max >> Element(Element.bitWidth - bits)
            for row in 0..<rows {
                let start = row * width * samples
                for index in stride(from: start + samples, to: start + width * samples, by: 1) {
                    values[index] = (values[index] &+ values[index - samples]) & mask
                }
            }
        }
        switch type.byteCount {
        case 1: run(buffer.bindMemory(to: UInt8.self))
        case 2: run(buffer.bindMemory(to: UInt16.self))
        case 4: run(buffer.bindMemory(to: UInt32.self))
        default: run(buffer.bindMemory(to: UInt64.self))
        }
    }

    private func unpackBits<Element: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafeRawBufferPointer, _ bits: Int, _ isSigned: Bool,
        into destination: UnsafeMutableBufferPointer<Element>
    ) {
        if bits == 1 && !isSigned {
            for index in 0..<destination.count {
                destination[index] = Element(truncatingIfNeeded: source[index >> 3] >> UInt8(7 - index & 7) & 1)
            }
            return
        }
        let signShift = Element(Element.bitWidth - bits)
        var bit = 0
        for index in 0..<destination.count {
            var value: Element = 0
            var missing = bits
            while missing > 0 {
                let offset = bit & 7
                let taken = min(8 - offset, missing)
                let piece = source[bit >> 3] >> UInt8(8 - offset - taken) & UInt8(truncatingIfNeeded: (1 << taken) - 1)
                value = value << Element(taken) | Element(piece)
                bit += taken
                missing -= taken
            }
            if isSigned && value >> Element(bits - 1) & 1 == 1 {
                value |= ~(Element.max >> signShift)
            }
            destination[index] = value
        }
    }

    private func unpackBlocks(
        _ source: UnsafeRawBufferPointer, _ factors: ChromaSubsampling, packedRowBytes: Int, rows: Int, width: Int,
        into destination: UnsafeMutableRawBufferPointer
    ) {
        let (horizontal, vertical) = (factors.horizontal, factors.vertical)
        let blockBytes = horizontal * vertical + 2
        for y in 0..<rows {
            let line = y / vertical * packedRowBytes + y % vertical * horizontal
            let chroma = y / vertical * packedRowBytes + horizontal * vertical
            for x in 0..<width {
                let block = x / horizontal * blockBytes
                let pixel = (y * width + x) * 3
                destination[pixel] = source[line + block + x % horizontal]
                destination[pixel + 1] = source[chroma + block]
                destination[pixel + 2] = source[chroma + block + 1]
            }
        }
    }

    private static func triple(
        _ source: UnsafeRawBufferPointer, _ index: Int, _ isMostSignificantFirst: Bool
    ) -> UInt32 {
        let (first, last) = (UInt32(source[index * 3]), UInt32(source[index * 3 + 2]))
        let middle = UInt32(source[index * 3 + 1]) << 8
        return isMostSignificantFirst ? first << 16 | middle | last : first | middle | last << 16
    }

    /// IEEE 754 binary16.
    private static func float(half: UInt16) -> Float {
        float(sign: UInt32(half >> 15), exponent: Int(half >> 10 & 0x1F), fraction: UInt32(half & 0x3FF), 5, 10)
    }

    /// TIFF Technical Note 3: 1 sign bit, 7 bits of exponent with a bias of 63, 16 bits of fraction.
    private static func float(triple: UInt32) -> Float {
        float(sign: triple >> 23, exponent: Int(triple >> 16 & 0x7F), fraction: triple & 0xFFFF, 7, 16)
    }

    private static func float(
        sign: UInt32, exponent: Int, fraction: UInt32, _ exponentBits: Int, _ fractionBits: Int
    ) -> Float {
        let maximum = (1 << exponentBits) - 1
        let bias = maximum / 2
        let magnitude: Float
        if exponent == maximum {
            magnitude = fraction == 0 ? .infinity : .nan
        } else if exponent == 0 {
            magnitude = Float(sign: .plus, exponent: 1 - bias - fractionBits, significand: Float(fraction))
        } else {
            let significand = Float(fraction | 1 << UInt32(fractionBits))
            magnitude = Float(sign: .plus, exponent: exponent - bias - fractionBits, significand: significand)
        }
        return sign == 0 ? magnitude : -magnitude
    }
}
