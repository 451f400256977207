import NeuralNetworks

extension NetworkCase {
    private static let activations: [UnaryElementwise.Function] = [
        .relu, .leakyRelu(alpha: 0.1), .elu(alpha: 0.7), .sigmoid, .hardSwish, .swish(alpha: 1),
        .gelu(approximation: .none),
        .gelu(approximation: .tanh), .hardSigmoid(alpha: 0.2, beta: 0.5),
        .softplus, .tanh, .exponential, .absolute, .negate, .mish, .softsign,
    ]

    static let elementwise: [NetworkCase] =
        activations.flatMap { function in
            let name = UnaryElementwise(function).name
            return [
                NetworkCase("\(name) alone") { try $0.apply(UnaryElementwise(function), $0.input([2, 5, 3, 3])) },
                NetworkCase("\(name) behind a convolution") {
                    try $0.apply(UnaryElementwise(function), $0.convolution($0.input([1, 36, 8, 8]), 36))
                },
            ]
        } + [
            NetworkCase("clip behind a convolution") {
                let x = try $0.convolution($0.input([1, 8, 8, 8]), 8)
                let (low, high) = (
                    $0.constant(Tensor(shape: [], [0 as Float])), $0.constant(Tensor(shape: [], [6 as Float]))
                )
                return try $0.apply(Clip(), x, low, high)
            },
            NetworkCase("clip from below") {
                try $0.apply(Clip(), $0.input([3, 4]), $0.constant(Tensor(shape: [], [0.25 as Float])))
            },
        ]
        + BinaryElementwise.Function.allCases.filter { $0 != .power }.map { function in
            NetworkCase("\(function) of two inputs") {
                try $0.apply(BinaryElementwise(function), $0.input([2, 5, 4, 3]), $0.input([2, 5, 4, 3]))
            }
        } + [
            NetworkCase("product with a gate of channels") {
                let x = try $0.convolution($0.input([2, 3, 8, 8]), 20)
                let gate = try $0.apply(UnaryElementwise(.sigmoid), $0.apply(GlobalPooling(.average), x))
                return try $0.apply(BinaryElementwise(.multiply), x, gate)
            },
            NetworkCase("sum with a constant of channels") {
                try $0.apply(BinaryElementwise(.add), $0.constant([5, 1, 1]), $0.input([2, 5, 4, 3]))
            },
            NetworkCase("difference from a constant") {
                try $0.apply(BinaryElementwise(.subtract), $0.constant([5, 1, 1]), $0.input([2, 5, 4, 3]))
            },
            NetworkCase("sum of both sides broadcast") {
                try $0.apply(BinaryElementwise(.add), $0.input([2, 1, 4]), $0.input([5, 1]))
            },
            NetworkCase("sum of three") {
                try $0.apply(VariadicElementwise(.sum), $0.input([2, 4]), $0.input([2, 4]), $0.input([2, 4]))
            },
            NetworkCase("maximum of two") {
                try $0.apply(VariadicElementwise(.maximum), $0.input([2, 4]), $0.input([2, 4]))
            },
            NetworkCase("batch normalisation alone") { try $0.batchNormalization($0.input([2, 18, 5, 5])) },
            NetworkCase("batch normalisation before a convolution") {
                let x = try $0.convolution($0.input([1, 3, 8, 8]), 16)
                let y = try $0.relu($0.batchNormalization($0.relu(x)))
                return try $0.convolution(y, 16)
            },
            NetworkCase("local response normalisation") {
                try $0.apply(
                    LocalResponseNormalization(size: 5, alpha: 0.1), $0.convolution($0.input([1, 3, 8, 8]), 20))
            },
            NetworkCase("local response normalisation, even size") {
                try $0.apply(LocalResponseNormalization(size: 4, alpha: 0.1), $0.input([1, 20, 4, 4]))
            },
        ]

    static let joins: [NetworkCase] = [1, 3].flatMap { images in
        [
            NetworkCase("join of whole blocks, \(images) images") {
                let x = try $0.convolution($0.input([images, 3, 8, 8]), 32)
                let y = try $0.convolution(x, 16, kernel: [1, 1])
                return try $0.convolution($0.concatenation([x, y]), 24)
            },
            NetworkCase("join of odd channels, \(images) images") {
                let x = try $0.convolution($0.input([images, 3, 8, 8]), 5)
                let y = try $0.convolution(x, 7)
                return try $0.concatenation([x, y])
            },
            joinWithinABlock(images: images),
            NetworkCase("join of joins, \(images) images") {
                var x = try $0.convolution($0.input([images, 3, 8, 8]), 16)
                for _ in 0..<3 {
                    let y = try $0.relu($0.convolution($0.relu($0.batchNormalization(x)), 16))
                    x = try $0.concatenation([x, y])
                }
                return x
            },
            NetworkCase("join used twice, \(images) images") {
                let x = try $0.convolution($0.input([images, 3, 8, 8]), 16)
                let y = try $0.relu(x)
                let (first, second) = (try $0.concatenation([x, y]), try $0.concatenation([y, x]))
                return try $0.apply(BinaryElementwise(.add), first, second)
            },
            NetworkCase("join with itself and an input, \(images) images") {
                let x = $0.input([images, 16, 4, 4])
                let y = try $0.concatenation([x, x])
                return try $0.concatenation([x, y])
            },
            NetworkCase("join of rows, \(images) images") {
                let x = try $0.convolution($0.input([images, 3, 8, 8]), 16)
                return try $0.concatenation([x, x], axis: 2)
            },
            NetworkCase("join of activations and poolings, \(images) images") {
                let x = try $0.convolution($0.input([images, 3, 8, 8]), 32)
                let y = try $0.apply(UnaryElementwise(.sigmoid), x)
                let z = try $0.apply(
                    MaxPooling(window: Window(kernelShape: [3, 3], pads: [1, 1, 1, 1])), x)
                let sum = try $0.apply(BinaryElementwise(.add), y, z)
                return try $0.concatenation([x, y, z, sum])
            },
        ]
    }

    static func joinWithinABlock(images: Int) -> NetworkCase {
        NetworkCase("join whose last part ends within a block, \(images) images") {
            let x = try $0.convolution($0.input([images, 3, 8, 8]), 16)
            let y = try $0.relu($0.convolution(x, 24))
            return try $0.relu($0.convolution($0.concatenation([x, y]), 20))
        }
    }

    static let resamplings: [NetworkCase] = {
        let kinds: [(String, Resize)] = [
            ("nearest", Resize(.nearest(.floor), coordinates: .asymmetric)), ("nearest, half a pixel off", Resize()),
            ("linear", Resize(.linear)), ("linear between corners", Resize(.linear, coordinates: .alignCorners)),
            ("cubic", Resize(.cubic(coefficient: -0.75))),
        ]
        return kinds.flatMap { name, resize in
            [[1, 1, 2, 2], [1, 1, 1.5, 2]].map { (scales: [Float]) in
                NetworkCase("\(name), by \(scales[2]) and \(scales[3])") {
                    let x = try $0.convolution($0.input([2, 3, 6, 6]), 16)
                    let y = try $0.apply(resize, x, nil, $0.constant(Tensor(shape: [4], scales)))
                    return try $0.convolution(y, 16)
                }
            }
        }
    }()

    static let heads: [NetworkCase] = [
        NetworkCase("fully connected") {
            let x = $0.input([3, 20])
            return try $0.relu($0.apply(Gemm(transposeB: true), x, $0.constant([7, 20]), $0.constant([7])))
        },
        NetworkCase("fully connected, scaled, other order") {
            let x = $0.input([3, 20])
            return try $0.apply(Gemm(alpha: 0.5, beta: 2), x, $0.constant([20, 9]), $0.constant([1, 9]))
        },
        NetworkCase("fully connected, transposed data") {
            try $0.apply(Gemm(transposeA: true), $0.input([20, 3]), $0.constant([20, 9]))
        },
        NetworkCase("fully connected, a bias for each row") {
            try $0.apply(Gemm(), $0.input([3, 20]), $0.constant([20, 9]), $0.constant([3, 1]))
        },
        NetworkCase("matrix product") {
            try $0.apply(MatrixMultiplication(), $0.input([3, 20]), $0.constant([20, 9]))
        },
        NetworkCase("matrix product of batches") {
            try $0.apply(MatrixMultiplication(), $0.input([2, 3, 4]), $0.input([2, 4, 5]))
        },
        NetworkCase("matrix product of many rows") {
            try $0.apply(MatrixMultiplication(), $0.input([2, 3, 4, 20]), $0.constant([20, 9]))
        },
        NetworkCase("matrix product of batches, broadcast") {
            try $0.apply(MatrixMultiplication(), $0.input([2, 1, 3, 4]), $0.input([1, 5, 4, 6]))
        },
        NetworkCase("attention") {
            let x = try $0.apply(Flatten(), $0.convolution($0.input([6, 3, 4, 4]), 5))
            let turned = try $0.apply(Transpose(), x)
            return try $0.apply(MatrixMultiplication(), $0.apply(MatrixMultiplication(), x, turned), x)
        },
        NetworkCase("channels last") {
            let x = try $0.convolution($0.input([2, 3, 5, 4]), 18)
            return try $0.apply(Transpose(permutation: [0, 2, 3, 1]), x)
        },
        NetworkCase("mean of rows and columns") {
            let x = try $0.convolution($0.input([2, 3, 5, 4]), 18)
            let axes = $0.constant(Tensor(shape: [2], [2, -1 as Int64]))
            return try $0.apply(Reduction(.mean, keepsDimensions: false), x, axes)
        },
        NetworkCase("maximum of all") { try $0.apply(Reduction(.maximum), $0.input([2, 3, 5])) },
        NetworkCase("softmax of the last axis") { try $0.apply(Softmax(), $0.input([3, 11])) },
        NetworkCase("softmax of channels") {
            try $0.apply(Softmax(axis: 1), $0.convolution($0.input([2, 3, 6, 6]), 6, kernel: [1, 1]))
        },
        NetworkCase("logarithm of softmax") { try $0.apply(Softmax(.logarithms, axis: 1), $0.input([3, 11])) },
    ]
}
