extension RunLengths {
    /// The pixels whose centres lie within a polygon, by the even-odd rule; of centres on its outline, those on the left and
    /// upper sides.
    ///
    /// - Parameters:
    ///   - corners: in continuous coordinates, pixel (x, y) spanning x to x + 1 and y to y + 1; the last is joined to the first.
    ///     Finite numbers.
    ///   - width: of the picture; what lies outside of it is left out.
    public init(fillingPolygon corners: [(x: Double, y: Double)], width: Int, height: Int) {
        self.init(fillingRings: [corners], width: width, height: height)
    }

    /// The same of a polygon with holes: inside is what an odd number of rings surrounds.
    public init(fillingRings rings: [[(x: Double, y: Double)]], width: Int, height: Int) {
        /// Where outlines cross the middles of rows.
        var crossings: [(row: Int, x: Double)] = []
        for corners in rings {
            guard var previous = corners.last else { continue }
            for corner in corners {
                let (upper, lower) = previous.y <= corner.y ? (previous, corner) : (corner, previous)
                previous = corner
                let first = max(0, (upper.y - 0.5).rounded(.up))
                let end = min(Double(height), (lower.y - 0.5).rounded(.up))
                guard first < end else { continue }
                let slope = (lower.x - upper.x) / (lower.y - upper.y)
                for row in Int(first)..<Int(end) {
                    crossings.append((row, upper.x + (Double(row) + 0.5 - upper.y) * slope))
                }
            }
        }
        crossings.sort { ($0.row, $0.x) < ($1.row, $1.x) }
        var runs: [PixelRun] = []
        for index in stride(from: 0, to: crossings.count - 1, by: 2) {
            let start = min(Double(width), max(0, (crossings[index].x - 0.5).rounded(.up)))
            let end = min(Double(width), max(0, (crossings[index + 1].x - 0.5).rounded(.up)))
            guard start < end else { continue }
            runs.append(PixelRun(row: crossings[index].row, start: Int(start), length: Int(end) - Int(start)))
        }
        self.init(joining: runs)
    }
}
