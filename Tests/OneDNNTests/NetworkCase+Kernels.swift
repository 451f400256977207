import NeuralNetworks

/// What our own kernels do beside convolutions, or behind them.
extension NetworkCase {
    private static let functions: [UnaryElementwise.Function] = [
        .swish(alpha: 1), .swish(alpha: 1.7), .hardSwish, .gelu(approximation: .none),
    ]

    private static let activations: [NetworkCase] = functions.flatMap { function in
        [
            NetworkCase("\(function) behind 1x1", algorithm: "direct 1x1") {
                let x = try $0.convolution($0.input([2, 40, 9, 7]), 50, kernel: [1, 1])
                return try $0.apply(UnaryElementwise(function), x)
            },
            NetworkCase("\(function) behind tiles and a residual") {
                let x = $0.input([2, 32, 15, 17])
                let y = try $0.apply(BinaryElementwise(.add), $0.convolution(x, 32), x)
                return try $0.apply(UnaryElementwise(function), y)
            },
        ]
    }

    private static let resizes: [(Resize, [Float])] = [
        (Resize(.linear, coordinates: .alignCorners), [1, 1, 2, 2]),
        (Resize(.linear, coordinates: .halfPixel), [1, 1, 1.7, 2.4]),
        (Resize(.linear, coordinates: .halfPixel), [1, 1, 0.6, 0.5]),
        (Resize(.linear, coordinates: .asymmetric), [1, 1, 3, 1]),
        (Resize(.linear, coordinates: .halfPixel, antialiases: true), [1, 1, 0.4, 0.6]),
        (Resize(.nearest(.floor), coordinates: .asymmetric), [1, 1, 1.5, 2.5]),
        (Resize(.cubic(coefficient: -0.75), coordinates: .halfPixel), [1, 1, 2, 1.3]),
        (Resize(.linear, coordinates: .alignCorners), [1, 2, 2, 2]),
    ]

    static let kernels: [NetworkCase] =
        activations
        + resizes.flatMap { resize, scales in
            [5, 32].map { channels in
                NetworkCase("\(resize.interpolation), \(resize.coordinates) by \(scales), \(channels) channels") {
                    let x = try $0.relu($0.convolution($0.input([2, 3, 10, 9]), channels))
                    let factors = $0.constant(Tensor(shape: [4], scales))
                    return try $0.convolution($0.apply(resize, x, nil, factors), 16)
                }
            }
        } + [
            NetworkCase("a join of parts that end within blocks") {
                let x = try $0.relu($0.convolution($0.input([2, 3, 9, 7]), 12))
                let y = try $0.relu($0.convolution(x, 21))
                let z = try $0.relu($0.convolution(y, 40))
                return try $0.convolution($0.concatenation([x, y, z, $0.input([2, 3, 9, 7])]), 16)
            },
            NetworkCase("a sum over a stack") {
                let axis = $0.constant(Tensor(shape: [1], [0 as Int64]))
                let x = try $0.relu($0.convolution($0.input([2, 3, 9, 7]), 20))
                let (y, z) = (try $0.relu($0.convolution(x, 20)), try $0.convolution(x, 20))
                var layers: [String] = []
                for layer in [x, y, z, x] { layers.append(try $0.apply(Unsqueeze(), layer, axis)) }
                let stack = try $0.concatenation(layers, axis: 0)
                let sum = Reduction(.sum, keepsDimensions: false)
                return try $0.convolution($0.apply(sum, stack, axis), 16)
            },
            NetworkCase("a join of a value with itself, in a join") {
                let x = try $0.relu($0.convolution($0.input([2, 3, 9, 7]), 16))
                let y = try $0.concatenation([x, x])
                return try $0.concatenation([y, $0.relu($0.convolution(y, 8))])
            },
            NetworkCase("a cheap half behind a dear half, twice") {
                var x = $0.input([1, 24, 12, 11])
                for _ in 0..<2 {
                    let half = try $0.relu($0.convolution(x, 12, kernel: [1, 1]))
                    x = try $0.concatenation([half, $0.relu($0.convolution(half, 12, groups: 12))])
                }
                return x
            },
        ]
}
