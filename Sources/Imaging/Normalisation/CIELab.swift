import Foundation

/// sRGB (IEC 61966-2-1) to CIE L*a*b* (CIE 15:2004, D65) and back, by tables.
struct CIELab {
    private let linear: UnsafeBufferPointer<Float>
    private let roots: UnsafeBufferPointer<Float>
    private let values: UnsafeBufferPointer<UInt8>

    private static let rootSteps = 8_192
    private static let valueSteps = 8_191
    private static let whiteX: Float = 0.95047
    private static let whiteZ: Float = 1.08883

    /// Linear light of each 8-bit value.
    private static let linearTable: [Float] = (0..<256).map { value in
        let encoded = Double(value) / 255
        return Float(encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4))
    }

    /// The compressing function of CIE L*a*b*: cube roots but for a straight piece in the dark. Linear between the steps it is
    /// right to 0.001 of L*.
    private static let rootTable: [Float] = (0...rootSteps + 1).map { step in
        let t = Double(step) / Double(rootSteps)
        return Float(t > 0.008856452 ? cbrt(t) : 7.787037 * t + 4.0 / 29)
    }

    /// The 8-bit value of linear light; in the dark one step is up to two values wide.
    private static let valueTable: [UInt8] = (0...valueSteps).map { step in
        let linear = Double(step) / Double(valueSteps)
        let encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055
        return UInt8(min(255, max(0, (255 * encoded).rounded())))
    }

    /// Lends the conversions, which hold pointers to the tables for the time of `body`.
    static func withTables<Result>(_ body: (CIELab) -> Result) -> Result {
        linearTable.withUnsafeBufferPointer { linear in
            rootTable.withUnsafeBufferPointer { roots in
                valueTable.withUnsafeBufferPointer { values in
                    body(CIELab(linear: linear, roots: roots, values: values))
                }
            }
        }
    }

    /// L* in 0...100, a* and b* about -100...100.
    @inline(__always)
    func lab(red: UInt8, green: UInt8, blue: UInt8) -> (Float, Float, Float) {
        let (r, g, b) = (linear[Int(red)], linear[Int(green)], linear[Int(blue)])
        let x = root(0.4339499 * r + 0.3762098 * g + 0.1898403 * b)
        let y = root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b)
        let z = root(0.0177566 * r + 0.1094680 * g + 0.8727754 * b)
        return (116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    /// The nearest colour that 8-bit sRGB has.
    @inline(__always)
    func rgb(_ lightness: Float, _ a: Float, _ b: Float) -> (UInt8, UInt8, UInt8) {
        let middle = (lightness + 16) / 116
        let x = Self.cube(middle + a / 500) * Self.whiteX
        let y = Self.cube(middle)
        let z = Self.cube(middle - b / 200) * Self.whiteZ
        return (
            value(ofLinear: 3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
            value(ofLinear: -0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
            value(ofLinear: 0.0556434 * x - 0.2040259 * y + 1.0572252 * z)
        )
    }

    @inline(__always)
    private func root(_ t: Float) -> Float {
        // The rows of the matrix sum to 1: t is 0...1, give or take a rounding.
        let position = min(1, max(0, t)) * Float(Self.rootSteps)
        let step = Int(position)
        return roots[step] + (roots[step + 1] - roots[step]) * (position - Float(step))
    }

    @inline(__always)
    private static func cube(_ t: Float) -> Float {
        t > 6.0 / 29 ? t * t * t : (t - 4.0 / 29) / 7.787037
    }

    @inline(__always)
    private func value(ofLinear linear: Float) -> UInt8 {
        values[Int(min(1, max(0, linear)) * Float(Self.valueSteps) + 0.5)]
    }
}
