import NeuralNetworks

/// What networks have beside convolutions, poolings and fully connected layers.
extension NetworkCase {
    private static func features(_ sketch: inout Sketch, images: Int = 2, channels: Int = 32) throws -> String {
        try sketch.convolution(sketch.input([images, 3, 8, 6]), channels)
    }

    static let normalisations: [NetworkCase] = [
        NetworkCase("layer normalisation") {
            try $0.apply(LayerNormalization(), $0.input([2, 5, 24]), $0.constant([24]), $0.constant([24]))
        },
        NetworkCase("layer normalisation of all axes but the first, no bias") {
            try $0.apply(LayerNormalization(axis: 1), features(&$0), $0.constant([32, 8, 6]))
        },
        NetworkCase("layer normalisation, channels last") {
            let x = try $0.apply(Transpose(permutation: [0, 2, 3, 1]), features(&$0))
            let y = try $0.apply(LayerNormalization(), x, $0.constant([32]), $0.constant([32]))
            return try $0.convolution($0.apply(Transpose(permutation: [0, 3, 1, 2]), y), 16)
        },
        NetworkCase("instance normalisation of an input") {
            try $0.apply(GroupNormalization(.instances), $0.input([2, 5, 30]), $0.constant([5]), $0.constant([5]))
        },
        NetworkCase("instance normalisation, leaky ReLU") {
            let x = try $0.apply(GroupNormalization(.instances), features(&$0), $0.constant([32]), $0.constant([32]))
            return try $0.convolution($0.apply(UnaryElementwise(.leakyRelu(alpha: 0.01)), x), 16)
        },
        NetworkCase("instance normalisation in a join") {
            let x = try features(&$0)
            let y = try $0.apply(GroupNormalization(.instances), x, $0.constant([32]), $0.constant([32]))
            return try $0.convolution($0.concatenation([y, x]), 16)
        },
        NetworkCase("group normalisation") {
            let x = try $0.apply(GroupNormalization(.groups(4)), features(&$0), $0.constant([32]), $0.constant([32]))
            return try $0.convolution($0.relu(x), 16)
        },
        NetworkCase("parametric ReLU of channels") {
            let x = try $0.apply(ParametricRelu(), features(&$0), $0.constant([32, 1, 1]))
            return try $0.convolution(x, 16)
        },
        NetworkCase("parametric ReLU, one slope") {
            try $0.apply(ParametricRelu(), features(&$0), $0.constant([1]))
        },
        NetworkCase("parametric ReLU of columns") {
            try $0.apply(ParametricRelu(), features(&$0, channels: 6), $0.constant([6]))
        },
        NetworkCase("powers and reciprocals") {
            let x = try $0.apply(UnaryElementwise(.sigmoid), $0.input([3, 7]))
            let y = try $0.apply(BinaryElementwise(.power), x, $0.constant(Tensor(shape: [], [2 as Float])))
            return try $0.apply(UnaryElementwise(.logarithm), $0.apply(UnaryElementwise(.reciprocal), y))
        },
    ]

    /// Activations that are a value times its own gate, as exporters write them.
    static let selfGates: [NetworkCase] = [
        NetworkCase("SiLU in parts, depthwise") {
            let x = try $0.convolution(features(&$0), 32, groups: 32)
            let y = try $0.apply(BinaryElementwise(.multiply), $0.apply(UnaryElementwise(.sigmoid), x), x)
            return try $0.convolution(y, 16, kernel: [1, 1])
        },
        NetworkCase("HardSwish in parts") {
            let x = try $0.convolution(features(&$0), 32, kernel: [1, 1])
            let gate = try $0.apply(UnaryElementwise(.hardSigmoid(alpha: 1 / 6, beta: 0.5)), x)
            return try $0.convolution($0.apply(BinaryElementwise(.multiply), x, gate), 16)
        },
    ]

    /// In which order exporters multiply GELU's factors.
    private enum GeluOrder: CaseIterable { case halvedFirst, halvedLast, halvedDistribution }

    /// GELU as exporters write it.
    static let gelus: [NetworkCase] = GeluOrder.allCases.map { order in
        NetworkCase("GELU in parts, \(order)") {
            let x = try features(&$0)
            let (root, half) = (
                $0.constant(Tensor(shape: [], [Float(2).squareRoot()])),
                $0.constant(Tensor(shape: [], [0.5 as Float]))
            )
            let one = $0.constant(Tensor(shape: [], [1 as Float]))
            let y = try $0.apply(UnaryElementwise(.erf), $0.apply(BinaryElementwise(.divide), x, root))
            let sum = try $0.apply(BinaryElementwise(.add), y, one)
            switch order {
            case .halvedFirst:
                let product = try $0.apply(BinaryElementwise(.multiply), x, half)
                return try $0.apply(BinaryElementwise(.multiply), product, sum)
            case .halvedLast:
                let product = try $0.apply(BinaryElementwise(.multiply), x, sum)
                return try $0.apply(BinaryElementwise(.multiply), product, half)
            case .halvedDistribution:
                let product = try $0.apply(BinaryElementwise(.multiply), half, sum)
                return try $0.apply(BinaryElementwise(.multiply), x, product)
            }
        }
    }

    static let cuts: [NetworkCase] =
        gelus + [
            slice("blocks of channels", starts: [16], ends: [32], axes: [1]),
            slice("channels within a block", starts: [3], ends: [21], axes: [1]),
            slice("rows and columns", starts: [1, -4], ends: [7, -1], axes: [2, 3]),
            slice("every second pixel", starts: [1, 0], ends: [8, 6], axes: [2, 3], steps: [2, 2]),
            slice("every second pixel of odd extents", starts: [1, 1], ends: [8, 6], axes: [2, 3], steps: [2, 2]),
            slice("rows backwards", starts: [-1], ends: [-9], axes: [2], steps: [-1]),
            NetworkCase("halves of channels") {
                let name = try features(&$0)
                let left = try $0.apply(Split(axis: 1, parts: 2), name)
                return try $0.convolution(left, 16)
            },
            NetworkCase("padding before a convolution") {
                let pads = $0.constant(Tensor(shape: [8], [0, 0, 1, 0, 0, 0, 2, 1 as Int64]))
                let x = try $0.apply(Padding(), $0.input([2, 3, 8, 6]), pads)
                return try $0.convolution(x, 16, strides: [2, 2], pads: [0, 0, 0, 0])
            },
            NetworkCase("padding with ones before a convolution") {
                let pads = $0.constant(Tensor(shape: [8], [0, 0, 1, 0, 0, 0, 2, 1 as Int64]))
                let x = try $0.apply(
                    Padding(), $0.input([2, 3, 8, 6]), pads, $0.constant(Tensor(shape: [], [1 as Float])))
                return try $0.convolution(x, 16)
            },
        ]

    private static func slice(
        _ description: String, starts: [Int64], ends: [Int64], axes: [Int64], steps: [Int64]? = nil
    ) -> NetworkCase {
        NetworkCase(description) {
            let x = try features(&$0)
            let lists = [starts, ends, axes, steps ?? axes.map { _ in 1 }].map { Tensor(shape: [$0.count], $0) }
            var names: [String?] = [x]
            for list in lists { names.append($0.constant(list)) }
            let y = try $0.apply(Slice(), to: names)
            return try $0.convolution(y, 16)
        }
    }

    static let summations: [NetworkCase] = [
        ("bij,bjk->bik", [2, 3, 4], [2, 4, 5]), ("bhid,bhjd->bhij", [2, 3, 4, 5], [2, 3, 6, 5]),
        ("bchw,cd->bdhw", [2, 3, 4, 5], [3, 6]), ("...ij,...jk", [2, 3, 4], [2, 4, 5]), ("i,j->ji", [3], [4]),
        ("ij,ij->", [3, 4], [3, 4]), ("ij,kj->ki", [3, 4], [5, 4]), ("ii,ij->j", [3, 3], [3, 4]),
        ("ij,k->ik", [3, 4], [5]), ("b i, b j -> b i j", [2, 3], [2, 4]), ("ij,jk->ik", [3, 1], [4, 5]),
    ].map { (equation: String, left: Shape, right: Shape) in
        NetworkCase(equation) { try $0.apply(EinsteinSummation(equation), $0.input(left), $0.input(right)) }
    }
}
