import Foundation

/// sRGB (IEC 61966-2-1) to CIE L*a*b* (CIE 15:2004, D65) and back.
enum CIELab {
    /// Linear light of each 8-bit value, `[256]`.
    private static let linearOfValue: [Float] = (0..<256).map { value in
        let encoded = Double(value) / 255
        return Float(encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4))
    }

    /// The 8-bit value of linear light in 1/8191; steps in the dark are up to two values wide.
    private static let valueOfLinear: [UInt8] = (0..<8_192).map { index in
        let linear = Double(index) / 8_191
        let encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055
        return UInt8(min(255, max(0, (255 * encoded).rounded())))
    }

    private static let whiteX: Float = 0.95047
    private static let whiteZ: Float = 1.08883

    /// L* in 0...100, a* and b* about -100...100.
    static func lab(red: UInt8, green: UInt8, blue: UInt8) -> (Float, Float, Float) {
        let (r, g, b) = (linearOfValue[Int(red)], linearOfValue[Int(green)], linearOfValue[Int(blue)])
        let x = compressed((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / whiteX)
        let y = compressed(0.2126729 * r + 0.7151522 * g + 0.0721750 * b)
        let z = compressed((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / whiteZ)
        return (116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    /// The nearest colour that 8-bit sRGB has.
    static func rgb(_ lightness: Float, _ a: Float, _ b: Float) -> (UInt8, UInt8, UInt8) {
        let middle = (lightness + 16) / 116
        let x = expanded(middle + a / 500) * whiteX
        let y = expanded(middle)
        let z = expanded(middle - b / 200) * whiteZ
        return (
            value(ofLinear: 3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
            value(ofLinear: -0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
            value(ofLinear: 0.0556434 * x - 0.2040259 * y + 1.0572252 * z)
        )
    }

    private static func compressed(_ t: Float) -> Float {
        t > 0.008856452 ? cbrtf(t) : 7.787037 * t + 4 / 29
    }

    private static func expanded(_ t: Float) -> Float {
        t > 6.0 / 29 ? t * t * t : (t - 4.0 / 29) / 7.787037
    }

    private static func value(ofLinear linear: Float) -> UInt8 {
        valueOfLinear[Int(min(1, max(0, linear)) * 8_191 + 0.5)]
    }
}

/// A shift and a stretch along each axis of CIE L*a*b*.
struct LabTransform: Sendable, Hashable {
    private let scale: [Float]
    private let offset: [Float]

    init(from own: ReinhardStatistics, to target: ReinhardStatistics) {
        let scales = zip(target.standardDeviation.all, own.standardDeviation.all).map { $0 / $1 }
        scale = scales.map(Float.init)
        offset = (0..<3).map { Float(target.mean.all[$0] - own.mean.all[$0] * scales[$0]) }
    }

    /// - Parameter pixels: interleaved RGB.
    func applied(to pixels: [UInt8]) -> [UInt8] {
        let (scale, offset) = ((scale[0], scale[1], scale[2]), (offset[0], offset[1], offset[2]))
        return [UInt8](unsafeUninitializedCapacity: pixels.count) { buffer, initialized in
            pixels.withUnsafeBufferPointer { pixels in
                for index in stride(from: 0, to: pixels.count - 2, by: 3) {
                    let lab = CIELab.lab(red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
                    let rgb = CIELab.rgb(
                        lab.0 * scale.0 + offset.0, lab.1 * scale.1 + offset.1, lab.2 * scale.2 + offset.2)
                    (buffer[index], buffer[index + 1], buffer[index + 2]) = rgb
                }
            }
            initialized = pixels.count
        }
    }
}
