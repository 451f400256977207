import Foundation

/// A drawn scan for a pipeline's first steps: white glass, a pink piece of tissue, purple rings in it. No tissue looks like
/// this; that every stage runs is what it shows.
public enum DrawnScan {
    public static let (width, height) = (640, 512)

    /// Interleaved RGB of the scan, `[height, width, 3]`.
    public static func pixels(width: Int = width, height: Int = height) -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * width * height)
        let rings = [(0.35, 0.35), (0.6, 0.3), (0.5, 0.6), (0.3, 0.6), (0.7, 0.55)]
        let radius = 0.09 * Double(min(width, height))
        for y in 0..<height {
            for x in 0..<width {
                let (across, down) = ((Double(x) + 0.5) / Double(width), (Double(y) + 0.5) / Double(height))
                let isTissue = pow(across - 0.5, 2) + pow(down - 0.5, 2) < pow(0.42, 2)
                let distance =
                    rings.map { hypot((across - $0.0) * Double(width), (down - $0.1) * Double(height)) }.min() ?? 0
                var colour: [Double] = isTissue ? [214, 150, 190] : [243, 243, 243]
                if distance < radius { colour = distance < 0.4 * radius ? [235, 225, 235] : [110, 60, 150] }
                // A texture, so that no two tiles are the same.
                let shade = 4 * sin(Double(x) * 0.7 + Double(y * y) * 0.013) + 3 * cos(Double(x * y) * 0.0017)
                pixels += colour.map { UInt8(min(255, max(0, $0 + shade))) }
            }
        }
        return pixels
    }
}
