/// Brings what a network answers at a part of its input's resolution back to that.
enum PlaneEnlargement {
    /// Linear between the centres of the answer's pixels, as `align_corners=False` has it.
    ///
    /// - Parameters:
    ///   - planes: `[K, H / reduction, W / reduction]`.
    ///   - reduction: pixels along one of the answer's; 1 leaves all as it is.
    /// - Returns: `[K, H, W]`.
    static func enlarged(_ planes: [Float], by reduction: Int, toHeight height: Int, width: Int) -> [Float] {
        if reduction == 1 { return planes }
        let (rows, columns) = (height / reduction, width / reduction)
        let horizontal = taps(width, reduction: reduction, count: columns)
        let vertical = taps(height, reduction: reduction, count: rows)
        let count = planes.count / (rows * columns)
        var enlarged: [Float] = []
        enlarged.reserveCapacity(count * height * width)
        planes.withUnsafeBufferPointer { planes in
            for plane in 0..<count {
                for y in vertical {
                    let first = (plane * rows + y.first) * columns
                    let second = (plane * rows + y.second) * columns
                    for x in horizontal {
                        let top = planes[first + x.first] * (1 - x.weight) + planes[first + x.second] * x.weight
                        let bottom = planes[second + x.first] * (1 - x.weight) + planes[second + x.second] * x.weight
                        enlarged.append(top * (1 - y.weight) + bottom * y.weight)
                    }
                }
            }
        }
        return enlarged
    }

    /// For each new position, the two old ones that it lies between, and how near it is to the second.
    private static func taps(_ length: Int, reduction: Int, count: Int) -> [(first: Int, second: Int, weight: Float)] {
        (0..<length).map { position in
            let place = max(0, (Float(position) + 0.5) / Float(reduction) - 0.5)
            let first = min(Int(place), count - 1)
            return (first, min(first + 1, count - 1), min(place, Float(count - 1)) - Float(first))
        }
    }
}
