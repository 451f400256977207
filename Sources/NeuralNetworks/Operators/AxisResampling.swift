/// How ``Resize`` takes one axis from its input's extent to its output's.
struct AxisResampling {
    let input: Int
    let output: Int
    let scale: Double
    /// The part of the input, as fractions, that the output shows where coordinates crop.
    let region: ClosedRange<Double>

    /// An output position: which elements of the input it is a weighted sum of.
    struct Sample {
        struct Tap {
            let index: Int
            let weight: Float
        }

        let taps: [Tap]
        /// Whether it lies outside of the input.
        let isOutside: Bool
    }

    var growth: Double { Double(output) / Double(max(input, 1)) }

    func samples(_ resize: Resize) -> [Sample] {
        (0..<output).map { position in
            let coordinate =
                resize.interpolation.isNearest
                ? nearestCoordinate(Float(position), resize.coordinates)
                : coordinate(Double(position), resize.coordinates)
            var isOutside = false
            if case .cropAndResize = resize.coordinates {
                isOutside = coordinate < 0 || coordinate > Double(input - 1)
            }
            return Sample(taps: taps(coordinate, resize), isOutside: isOutside)
        }
    }

    /// The input's coordinate for an output position.
    private func coordinate(_ position: Double, _ coordinates: Resize.Coordinates) -> Double {
        let last = Double(input - 1)
        switch coordinates {
        case .asymmetric: return position / scale
        case .alignCorners: return output == 1 ? 0 : position * last / Double(output - 1)
        case .halfPixel: return (position + 0.5) / scale - 0.5
        case .pytorchHalfPixel: return output == 1 ? 0 : (position + 0.5) / scale - 0.5
        case .halfPixelSymmetric:
            let offset = Double(input) / 2 * (1 - Double(output) / (scale * Double(input)))
            return offset + (position + 0.5) / scale - 0.5
        case .cropAndResize:
            let extent = (region.upperBound - region.lowerBound) * last
            let step = output == 1 ? extent / 2 : position * extent / Double(output - 1)
            return region.lowerBound * last + step
        }
    }

    /// The same, in the arithmetic of those who choose one neighbour by it: 3 / 0.6 is 5 there, and 4.9999998 here.
    private func nearestCoordinate(_ position: Float, _ coordinates: Resize.Coordinates) -> Double {
        let scale = Float(scale)
        switch coordinates {
        case .asymmetric: return Double(position / scale)
        case .alignCorners: return output == 1 ? 0 : Double(position * Float(input - 1) / Float(output - 1))
        case .halfPixel: return Double((position + 0.5) / scale - 0.5)
        case .pytorchHalfPixel: return output == 1 ? 0 : Double((position + 0.5) / scale - 0.5)
        case .halfPixelSymmetric, .cropAndResize: return coordinate(Double(position), coordinates)
        }
    }

    private func taps(_ coordinate: Double, _ resize: Resize) -> [Sample.Tap] {
        let coordinate = min(max(coordinate, -0x1p40), 0x1p40)
        let radius: Double
        switch resize.interpolation {
        case .nearest(let rounding):
            let index: Double =
                switch rounding {
                case .halfDown: (coordinate - 0.5).rounded(.up)
                case .halfUp: (coordinate + 0.5).rounded(.down)
                case .floor: coordinate.rounded(.down)
                case .ceiling: coordinate.rounded(.up)
                }
            return [Sample.Tap(index: clamped(Int(index)), weight: 1)]
        case .linear: radius = 1
        case .cubic: radius = 2
        }
        let shrink = resize.antialiases ? min(scale, 1) : 1
        let base = coordinate.rounded(.down)
        let reach = Int(min((radius / shrink).rounded(.up), Double(input)))
        var weights: [(index: Int, weight: Double)] = (1 - reach...reach).map { step in
            let distance = (base + Double(step) - coordinate) * shrink
            return (Int(base) + step, weight(distance.magnitude, resize.interpolation))
        }
        if resize.excludesOutside {
            weights.removeAll { !(0..<input ~= $0.index) }
        }
        let sum = weights.reduce(0) { $0 + $1.weight }
        return weights.filter { $0.weight != 0 }.map {
            Sample.Tap(index: clamped($0.index), weight: Float($0.weight / sum))
        }
    }

    private func clamped(_ index: Int) -> Int { min(max(index, 0), input - 1) }

    /// The interpolation's kernel at a distance.
    private func weight(_ distance: Double, _ interpolation: Resize.Interpolation) -> Double {
        switch interpolation {
        case .nearest: return distance == 0 ? 1 : 0
        case .linear: return max(0, 1 - distance)
        case .cubic(let coefficient):
            let a = Double(coefficient)
            let (squared, cubed) = (distance * distance, distance * distance * distance)
            if distance <= 1 { return (a + 2) * cubed - (a + 3) * squared + 1 }
            if distance < 2 { return a * (cubed - 5 * squared + 8 * distance - 4) }
            return 0
        }
    }
}

extension Resize.Interpolation {
    fileprivate var isNearest: Bool {
        if case .nearest = self { true } else { false }
    }
}
