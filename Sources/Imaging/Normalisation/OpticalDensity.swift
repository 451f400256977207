import Foundation

/// How much light a stain takes away: `-ln((value + 1) / 240)` of an 8-bit value, where 240 stands for clear glass (Macenko et al.
/// 2009). By Beer and Lambert's law the optical densities of stains add up.
enum OpticalDensity {
    static let clearGlass = 240.0

    /// The optical density of each 8-bit value, `[256]`; slightly negative above clear glass.
    static let ofValue: [Float] = (0..<256).map { Float(-log((Double($0) + 1) / clearGlass)) }
}

/// A linear map of optical densities: out of one scan's stains and into the target's.
struct OpticalDensityTransform: Sendable, Hashable {
    /// `[3, 3]`, row-major.
    let matrix: [Float]

    init(from own: StainProfile, to target: StainProfile) {
        let (h, e) = (target.hematoxylin.all, target.eosin.all)
        let unmixing = own.unmixing
        let ratios = (0..<2).map { target.maximumConcentrations[$0] / own.maximumConcentrations[$0] }
        matrix = (0..<9).map { index in
            let (row, column) = (index / 3, index % 3)
            return Float(h[row] * ratios[0] * unmixing[column] + e[row] * ratios[1] * unmixing[3 + column])
        }
    }

    /// The value of optical densities from `tableStart`, in steps of `1 / tableStepsPerUnit`: fine enough to be right to a
    /// quarter of a level.
    private static let tableStart: Float = -1
    private static let tableStepsPerUnit: Float = 512
    private static let valueOfDensity: [UInt8] = (0..<4_608).map { index in
        let density = Double(tableStart) + Double(index) / Double(tableStepsPerUnit)
        return UInt8(min(255, max(0, OpticalDensity.clearGlass * exp(-density))))
    }

    /// - Parameter pixels: interleaved RGB.
    func applied(to pixels: [UInt8]) -> [UInt8] {
        let densities = OpticalDensity.ofValue
        let table = Self.valueOfDensity
        let last = Float(table.count - 1)
        return [UInt8](unsafeUninitializedCapacity: pixels.count) { buffer, initialized in
            pixels.withUnsafeBufferPointer { pixels in
                densities.withUnsafeBufferPointer { densities in
                    table.withUnsafeBufferPointer { table in
                        matrix.withUnsafeBufferPointer { matrix in
                            for index in stride(from: 0, to: pixels.count - 2, by: 3) {
                                let red = densities[Int(pixels[index])]
                                let green = densities[Int(pixels[index + 1])]
                                let blue = densities[Int(pixels[index + 2])]
                                for row in 0..<3 {
                                    let density =
                                        matrix[3 * row] * red + matrix[3 * row + 1] * green + matrix[3 * row + 2] * blue
                                    let position = (density - Self.tableStart) * Self.tableStepsPerUnit + 0.5
                                    buffer[index + row] = table[Int(min(last, max(0, position)))]
                                }
                            }
                        }
                    }
                }
            }
            initialized = pixels.count
        }
    }
}
