import Slides

/// A window of a scan while it is drawn: for every pixel the amounts of both dyes and which gland it belongs to.
struct Canvas {
    let window: PixelWindow
    /// Optical density of haematoxylin and of eosin, row by row.
    private(set) var haematoxylin: [Float]
    private(set) var eosin: [Float]
    /// 0 is no gland; `n` is the `n`-th of the window's glands.
    private(set) var labels: [UInt16]

    init(window: PixelWindow) {
        self.window = window
        let count = window.width * window.height
        haematoxylin = Array(repeating: 0, count: count)
        eosin = Array(repeating: 0, count: count)
        labels = Array(repeating: 0, count: count)
    }

    @inline(__always)
    mutating func set(_ dye: Dye, at index: Int) {
        haematoxylin[index] = dye.haematoxylin
        eosin[index] = dye.eosin
    }

    /// Lays `dye` over what is there; `opacity` 1 replaces it.
    @inline(__always)
    mutating func blend(_ dye: Dye, opacity: Float, at index: Int) {
        haematoxylin[index] += (dye.haematoxylin - haematoxylin[index]) * opacity
        eosin[index] += (dye.eosin - eosin[index]) * opacity
    }

    @inline(__always)
    mutating func mark(_ label: UInt16, at index: Int) {
        labels[index] = label
    }

    /// Lays an ellipse with a soft edge over the window.
    /// - Parameters:
    ///   - label: when given, only pixels of this gland are touched, so that nothing hangs over its border.
    mutating func splat(_ ellipse: Ellipse, dye: Dye, opacity: Float, label: UInt16?) {
        let reachX = (square(ellipse.axis.x * ellipse.halfLength) + square(ellipse.axis.y * ellipse.halfWidth))
            .squareRoot()
        let reachY = (square(ellipse.axis.y * ellipse.halfLength) + square(ellipse.axis.x * ellipse.halfWidth))
            .squareRoot()
        let local = Vector(x: ellipse.centre.x - Double(window.x) - 0.5, y: ellipse.centre.y - Double(window.y) - 0.5)
        guard local.x + reachX >= 0, local.y + reachY >= 0 else { return }
        let columns = max(0, Int((local.x - reachX).rounded(.up)))...max(0, Int(local.x + reachX))
        let rows = max(0, Int((local.y - reachY).rounded(.up)))...max(0, Int(local.y + reachY))
        guard columns.lowerBound < window.width, rows.lowerBound < window.height else { return }
        let alongX = Float(ellipse.axis.x / ellipse.halfLength)
        let alongY = Float(ellipse.axis.y / ellipse.halfLength)
        let acrossX = Float(-ellipse.axis.y / ellipse.halfWidth)
        let acrossY = Float(ellipse.axis.x / ellipse.halfWidth)
        // The edge fades over about one pixel.
        let sharpness = Float(max(1, min(ellipse.halfLength, ellipse.halfWidth) * 0.6))
        for row in rows.lowerBound...min(rows.upperBound, window.height - 1) {
            let dy = Float(Double(row) - local.y)
            for column in columns.lowerBound...min(columns.upperBound, window.width - 1) {
                let dx = Float(Double(column) - local.x)
                let along = dx * alongX + dy * alongY
                let across = dx * acrossX + dy * acrossY
                let inside = 1 - along * along - across * across
                guard inside > 0 else { continue }
                let index = row * window.width + column
                if let label, labels[index] != label { continue }
                blend(dye, opacity: min(1, inside * sharpness) * opacity, at: index)
            }
        }
    }

    @inline(__always)
    private func square(_ value: Double) -> Double { value * value }
}

/// An ellipse in pixels of the scan.
struct Ellipse {
    var centre: Vector
    /// The unit vector of its length.
    var axis: Vector
    var halfLength: Double
    var halfWidth: Double
}
