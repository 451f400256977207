import NeuralNetworks

/// A scan of single objects while it is drawn: for every pixel its colour and which object it belongs to.
struct ObjectCanvas {
    let width: Int
    let height: Int
    /// RGB of 0 to 255.
    private(set) var colours: [SIMD3<Float>]
    /// 0 is no object; `n` is `classes[n - 1]`.
    private(set) var labels: [UInt16]
    private(set) var classes: [String] = []

    init(width: Int, height: Int, ground: (_ x: Double, _ y: Double) -> SIMD3<Float>) {
        self.width = width
        self.height = height
        colours = (0..<width * height).map { ground(Double($0 % width) + 0.5, Double($0 / width) + 0.5) }
        labels = Array(repeating: 0, count: width * height)
    }

    /// From here on `paint` marks what it covers as a new object.
    mutating func beginObject(_ name: String) {
        classes.append(name)
    }

    /// Lays a blob over what is there, its edge `softness` pixels wide.
    /// - Parameters:
    ///   - isPart: whether it lies within the last object and is none itself.
    ///   - colour: colour and opacity by how deep a place lies: 1 in the centre, 0 on the outline.
    mutating func paint(
        _ blob: Blob, softness: Double, isPart: Bool = false,
        colour: (_ depth: Float, _ x: Double, _ y: Double) -> (SIMD3<Float>, Float)
    ) {
        let reach = blob.reach + softness
        let columns = max(0, Int(blob.centre.x - reach))..<min(width, Int(blob.centre.x + reach) + 1)
        let rows = max(0, Int(blob.centre.y - reach))..<min(height, Int(blob.centre.y + reach) + 1)
        for row in rows {
            for column in columns {
                let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
                let (pixels, depth) = blob.margin(x: x, y: y)
                let cover = min(1, max(0, pixels / softness + 0.5))
                guard cover > 0 else { continue }
                let index = row * width + column
                let (paint, opacity) = colour(Float(max(0, depth)), x, y)
                colours[index] += (paint - colours[index]) * (opacity * Float(cover))
                if !isPart, pixels > 0 { labels[index] = UInt16(classes.count) }
            }
        }
    }

    /// - Parameter grain: the camera's noise; a change of density of 0.02 is one of 5 here.
    func developed(_ grain: Grain) -> ObjectDrawing {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(colours.count * 3)
        for (index, colour) in colours.enumerated() {
            let noisy = colour + grain.value(x: index % width, y: index / width) * 120
            for channel in 0..<3 { pixels.append(UInt8(min(255, max(0, noisy[channel] + 0.5)))) }
        }
        return ObjectDrawing(
            picture: Picture(width: width, height: height, pixels: pixels), labels: labels, classes: classes)
    }
}
