import Glibc

/// YCbCr to RGB by TIFF 6.0, section 21.
struct YCbCrConversion {
    private let luma: (red: Float, green: Float, blue: Float)
    /// What is subtracted from Y, Cb and Cr, and what multiplies the difference.
    private let offsets: [Float]
    private let scales: [Float]

    /// Nil and unusable values stand for those of ITU-R BT.601 and of full range.
    init(luma: [Float]?, referenceBlackWhite: [Float]?) {
        if let luma, luma.count == 3, luma.allSatisfy({ $0.isFinite && $0 > 0 }) {
            self.luma = (luma[0], luma[1], luma[2])
        } else {
            self.luma = (0.299, 0.587, 0.114)
        }
        var reference: [Float] = [0, 255, 128, 255, 128, 255]
        if let given = referenceBlackWhite, given.count == 6, given.allSatisfy({ $0.isFinite }),
            given[1] > given[0], given[3] > given[2], given[5] > given[4]
        {
            reference = given
        }
        offsets = [reference[0], reference[2], reference[4]]
        scales = [
            255 / (reference[1] - reference[0]), 127 / (reference[3] - reference[2]),
            127 / (reference[5] - reference[4]),
        ]
    }

    func convert(
        _ input: UnsafeBufferPointer<UInt8>, step: Int, pixels: Int, to output: UnsafeMutableBufferPointer<UInt8>
    ) {
        func clamped(_ value: Float) -> UInt8 { UInt8(max(0, min(255, value)) + 0.5) }
        let (offset0, offset1, offset2) = (offsets[0], offsets[1], offsets[2])
        let (scale0, scale1, scale2) = (scales[0], scales[1], scales[2])
        for pixel in 0..<pixels {
            let y = (Float(input[pixel * step]) - offset0) * scale0
            let cb = (Float(input[pixel * step + 1]) - offset1) * scale1
            let cr = (Float(input[pixel * step + 2]) - offset2) * scale2
            let red = y + cr * (2 - 2 * luma.red)
            let blue = y + cb * (2 - 2 * luma.blue)
            let green = (y - luma.red * red - luma.blue * blue) / luma.green
            output[pixel * 3] = clamped(red)
            output[pixel * 3 + 1] = clamped(green)
            output[pixel * 3 + 2] = clamped(blue)
        }
    }
}

/// How L*, a* and b* are written as integers (TIFF 6.0, section 23, and the TIFF technical notes of Adobe).
struct LabEncoding {
    private let type: SampleType
    private let lightnessScale: Float
    private let chromaScale: Float
    private let chromaIsSigned: Bool

    /// Nil unless the samples have 8 or 16 bits.
    init?(_ photometric: PhotometricInterpretation, type: SampleType) {
        self.type = type
        chromaIsSigned = photometric == .cieLab
        switch type {
        case .uint8, .int8: (lightnessScale, chromaScale) = (100 / 255, 1)
        case .uint16, .int16: (lightnessScale, chromaScale) = (chromaIsSigned ? 100 / 65535 : 100 / 65280, 1 / 256)
        default: return nil
        }
    }

    func convert(_ samples: SampleBuffer, to output: UnsafeMutableBufferPointer<UInt8>) {
        let step = samples.samplesPerPixel
        samples.bytes.withUnsafeBytes { raw in
            func chroma(_ index: Int) -> Float {
                if type.byteCount == 1 {
                    return chromaIsSigned ? Float(Int8(bitPattern: raw[index])) : Float(raw[index]) - 128
                }
                let value = raw.load(fromByteOffset: index * 2, as: UInt16.self)
                return chromaIsSigned ? Float(Int16(bitPattern: value)) * chromaScale : Float(value) * chromaScale - 128
            }
            for pixel in 0..<samples.width * samples.height {
                let first = pixel * step
                let lightness =
                    type.byteCount == 1
                    ? Float(raw[first]) : Float(raw.load(fromByteOffset: first * 2, as: UInt16.self))
                let colour = Self.sRGB(
                    lightness: lightness * lightnessScale, a: chroma(first + 1), b: chroma(first + 2))
                (output[pixel * 3], output[pixel * 3 + 1], output[pixel * 3 + 2]) = colour
            }
        }
    }

    /// CIE 15 for L*a*b* under D50, then IEC 61966-2-1 with Bradford's adaptation to D65.
    private static func sRGB(lightness: Float, a: Float, b: Float) -> (UInt8, UInt8, UInt8) {
        func inverse(_ value: Float) -> Float {
            value > 6 / 29 ? value * value * value : 3 * (6 / 29) * (6 / 29) * (value - 4 / 29)
        }
        func encoded(_ linear: Float) -> UInt8 {
            let value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * powf(linear, 1 / 2.4) - 0.055
            return UInt8(max(0, min(1, value)) * 255 + 0.5)
        }
        let middle = (lightness + 16) / 116
        let x = 0.96422 * inverse(middle + a / 500)
        let y = inverse(middle)
        let z = 0.82521 * inverse(middle - b / 200)
        return (
            encoded(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
            encoded(-0.9787684 * x + 1.9161415 * y + 0.0334540 * z),
            encoded(0.0719453 * x - 0.2289914 * y + 1.4052427 * z)
        )
    }
}
