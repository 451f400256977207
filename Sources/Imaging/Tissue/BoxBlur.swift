/// Means over 3 x 3 pixels; at the edges over those that there are.
enum BoxBlur {
    /// - Parameter plane: `[height, width]`.
    static func blurred(_ plane: [UInt8], width: Int, height: Int) -> [UInt8] {
        var blurred = plane
        plane.withUnsafeBufferPointer { plane in
            for y in 0..<height {
                let rows = max(0, y - 1)...min(height - 1, y + 1)
                for x in 0..<width {
                    let columns = max(0, x - 1)...min(width - 1, x + 1)
                    var sum = 0
                    for row in rows {
                        for column in columns { sum += Int(plane[row * width + column]) }
                    }
                    let count = rows.count * columns.count
                    blurred[y * width + x] = UInt8((sum + count / 2) / count)
                }
            }
        }
        return blurred
    }
}
