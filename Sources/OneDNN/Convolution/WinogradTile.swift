import CConvolution

/// The tiles that Winograd's minimal filtering works on: `side` x `side` inputs give `outputs` x `outputs` outputs of a
/// convolution with a kernel of `kernel` x `kernel`, by `side`² multiplications for each pair of channels.
enum WinogradTile: CaseIterable {
    case two, four, six, fourOfFive

    var outputs: Int {
        switch self {
        case .two: 2
        case .four, .fourOfFive: 4
        case .six: 6
        }
    }

    var kernel: Int { self == .fourOfFive ? 5 : 3 }

    var side: Int { outputs + kernel - 1 }

    /// Multiplications for each pair of channels.
    var points: Int { side * side }

    var raw: winograd_tile {
        switch self {
        case .two: winograd_tile_2of4
        case .four: winograd_tile_4of6
        case .six: winograd_tile_6of8
        case .fourOfFive: winograd_tile_4of8
        }
    }

    /// The matrix G, `[side, kernel]`: a row for each finite interpolation point p holds the powers of p, divided by
    /// the product of its distances to the other points; the row for infinity holds the last of them.
    var weightsMatrix: [[Float]] {
        let points = UnsafeBufferPointer(start: winograd_points(raw), count: side - 1)
        let finite = points.map { point in
            let distances = points.lazy.filter { $0 != point }.map { point - $0 }.reduce(1, *)
            var power = 1 / distances
            return (0..<kernel).map { _ in
                defer { power *= point }
                return Float(power)
            }
        }
        return finite + [(0..<kernel).map { $0 == kernel - 1 ? 1 : 0 }]
    }
}
