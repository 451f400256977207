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
            CIELab.withTables { tables in
                pixels.withUnsafeBufferPointer { pixels in
                    for index in stride(from: 0, to: pixels.count - 2, by: 3) {
                        let lab = tables.lab(red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
                        let rgb = tables.rgb(
                            lab.0 * scale.0 + offset.0, lab.1 * scale.1 + offset.1, lab.2 * scale.2 + offset.2)
                        (buffer[index], buffer[index + 1], buffer[index + 2]) = rgb
                    }
                }
            }
            initialized = pixels.count
        }
    }
}
