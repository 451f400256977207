import NeuralNetworks

/// One channel of a layer's output as a picture.
struct FeatureMap {
    let channel: Int
    let width: Int
    let height: Int
    /// `[H, W]`; fewer than the picture has where the last row is not full.
    let values: ArraySlice<Float>
    let range: ClosedRange<Float>

    private init(channel: Int, width: Int, height: Int, values: ArraySlice<Float>) {
        self.channel = channel
        self.width = width
        self.height = height
        self.values = values
        let finite = values.lazy.filter(\.isFinite)
        range = (finite.min() ?? 0)...(finite.max() ?? 0)
    }

    /// The maps of the first image.
    static func maps(of features: Tensor) throws(ImagingError) -> [FeatureMap] {
        let shape = features.shape
        guard let elements = features.floats, 2...4 ~= shape.rank, shape.elementCount > 0 else {
            throw .invalidParameter(
                name: "layer", reason: "its values are \(features.type), but feature maps are float32 [N, C, H, W]")
        }
        switch shape.rank {
        case 2:
            let width = Int(Double(shape[1]).squareRoot().rounded(.up))
            let rows = (shape[1] + width - 1) / width
            return [FeatureMap(channel: 0, width: width, height: rows, values: elements[..<shape[1]])]
        case 3:
            return [
                FeatureMap(channel: 0, width: shape[2], height: shape[1], values: elements[..<(shape[1] * shape[2])])
            ]
        default:
            let plane = shape[2] * shape[3]
            return (0..<shape[1]).map { channel in
                FeatureMap(
                    channel: channel, width: shape[3], height: shape[2],
                    values: elements[channel * plane..<(channel + 1) * plane])
            }
        }
    }

    /// Such as `12: -0.31 2.04`.
    var label: String { "\(channel): \(Self.short(range.lowerBound)) \(Self.short(range.upperBound))" }

    /// Three digits or so.
    private static func short(_ number: Float) -> String {
        let magnitude = abs(number)
        if magnitude >= 1e6 || (magnitude < 1e-3 && magnitude > 0) {
            let exponent = Int(Float(magnitude.exponent) * 0.30103)
            return "\(number < 0 ? "-" : "")1E\(exponent)"
        }
        let steps: Float = magnitude >= 100 ? 1 : magnitude >= 10 ? 10 : 100
        let rounded = (number * steps).rounded() / steps
        return steps == 1 ? "\(Int(rounded))" : "\(rounded)"
    }

    /// Draws the map with its upper left corner at (`x`, `y`).
    func draw(on canvas: inout GreyCanvas, x: Int, y: Int, _ scale: PictureScale) {
        for row in 0..<scale.height / scale.factor {
            for column in 0..<scale.width / scale.factor {
                guard let mean = mean(row: row * scale.divisor, column: column * scale.divisor, side: scale.divisor)
                else { continue }
                canvas.fill(
                    x: x + column * scale.factor, y: y + row * scale.factor, width: scale.factor, height: scale.factor,
                    level: level(mean))
            }
        }
    }

    private func level(_ value: Float) -> UInt8 {
        let extent = range.upperBound - range.lowerBound
        guard extent > 0, extent.isFinite else { return 128 }
        return UInt8(min(max((value - range.lowerBound) / extent * 255, 0), 255).rounded())
    }

    /// The mean over the square's part in the map; nil where there is none, or it is no number.
    private func mean(row: Int, column: Int, side: Int) -> Float? {
        var (sum, count) = (Float(0), Float(0))
        for y in row..<min(row + side, height) {
            for x in column..<min(column + side, width) where y * width + x < values.count {
                sum += values[values.startIndex + y * width + x]
                count += 1
            }
        }
        return count > 0 && sum.isFinite ? sum / count : nil
    }
}
