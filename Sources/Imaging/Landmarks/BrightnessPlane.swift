import Glibc

/// Brightness in floating point: `[H, W]` in row-major order.
struct BrightnessPlane {
    let width: Int
    let height: Int
    private(set) var values: [Float]

    init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height, "values do not fill the plane")
        (self.width, self.height, self.values) = (width, height, values)
    }

    /// A picture scaled by `scale` with linear interpolation, its mean 0 and its standard deviation 1, so that neither the stain's
    /// strength nor the lamp's shows.
    ///
    /// - Returns: nil for a picture of one brightness.
    init?(_ picture: GreyImage, scale: Float) {
        width = max(1, Int((Float(picture.width) * scale).rounded()))
        height = max(1, Int((Float(picture.height) * scale).rounded()))
        let columns = Self.taps(picture.width, width)
        values = []
        values.reserveCapacity(width * height)
        for row in Self.taps(picture.height, height) {
            let (upper, lower) = (row.first * picture.width, row.second * picture.width)
            for column in columns {
                let above = Self.mix(picture.pixels, upper + column.first, upper + column.second, column.part)
                let below = Self.mix(picture.pixels, lower + column.first, lower + column.second, column.part)
                values.append(above + (below - above) * row.part)
            }
        }
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
        guard variance > 1 else { return nil }
        let (centre, factor) = (Float(mean), Float(1 / variance.squareRoot()))
        for index in values.indices { values[index] = (values[index] - centre) * factor }
    }

    /// Smoothed by a Gaussian; what lies beyond the edges is mirrored at them.
    func blurred(sigma: Float) -> BrightnessPlane {
        let radius = max(1, Int(3 * sigma + 0.5))
        let kernel = (-radius...radius).map { expf(-Float($0 * $0) / (2 * sigma * sigma)) }
        let sum = kernel.reduce(0, +)
        let weights = kernel.map { $0 / sum }
        var across = [Float](repeating: 0, count: values.count)
        var line = [Float](repeating: 0, count: width + 2 * radius)
        for y in 0..<height {
            for x in line.indices { line[x] = values[y * width + Self.mirrored(x - radius, width)] }
            Self.add(line, from: weights.indices, weights, to: &across, at: y * width, count: width)
        }
        var blurred = [Float](repeating: 0, count: values.count)
        for y in 0..<height {
            for (tap, weight) in weights.enumerated() {
                let source = Self.mirrored(y + tap - radius, height) * width
                across.withUnsafeBufferPointer { across in
                    blurred.withUnsafeMutableBufferPointer { blurred in
                        for x in 0..<width { blurred[y * width + x] += weight * across[source + x] }
                    }
                }
            }
        }
        return BrightnessPlane(width: width, height: height, values: blurred)
    }

    /// Every second pixel of every second row.
    func halved() -> BrightnessPlane {
        let (columns, rows) = ((width + 1) / 2, (height + 1) / 2)
        let halved = (0..<rows * columns).map { values[$0 / columns * 2 * width + $0 % columns * 2] }
        return BrightnessPlane(width: columns, height: rows, values: halved)
    }

    func minus(_ other: BrightnessPlane) -> BrightnessPlane {
        BrightnessPlane(width: width, height: height, values: zip(values, other.values).map { $0 - $1 })
    }

    private static func add(
        _ line: [Float], from taps: Range<Int>, _ weights: [Float], to sums: inout [Float], at start: Int, count: Int
    ) {
        line.withUnsafeBufferPointer { line in
            sums.withUnsafeMutableBufferPointer { sums in
                for tap in taps {
                    let weight = weights[tap]
                    for x in 0..<count { sums[start + x] += weight * line[x + tap] }
                }
            }
        }
    }

    private static func mix(_ pixels: [UInt8], _ first: Int, _ second: Int, _ part: Float) -> Float {
        Float(pixels[first]) + (Float(pixels[second]) - Float(pixels[first])) * part
    }

    /// For each of `count` pixels the two of `length` that it lies between.
    private static func taps(_ length: Int, _ count: Int) -> [(first: Int, second: Int, part: Float)] {
        (0..<count).map { index in
            let place = min(Float(length - 1), max(0, (Float(index) + 0.5) * Float(length) / Float(count) - 0.5))
            let first = Int(place)
            return (first, min(length - 1, first + 1), place - Float(first))
        }
    }

    private static func mirrored(_ index: Int, _ length: Int) -> Int {
        guard length > 1 else { return 0 }
        let period = 2 * (length - 1)
        let place = ((index % period) + period) % period
        return place < length ? place : period - place
    }
}
