import NeuralNetworks

extension NetworkCase {
    /// Convolutions of every tile, with all that can lie before, beside and behind them.
    static let winograd: [NetworkCase] = [
        NetworkCase("tiles of 2x2: few tiles, many channels", algorithm: "winograd 2x2") {
            try $0.convolution($0.input([1, 512, 7, 7]), 512)
        },
        NetworkCase("tiles of 4x4", algorithm: "winograd 4x4") { try $0.convolution($0.input([1, 192, 14, 14]), 208) },
        NetworkCase("tiles of 6x6: one block of channels", algorithm: "winograd 6x6") {
            try $0.convolution($0.input([1, 16, 25, 31]), 16)
        },
        NetworkCase("tiles of 6x6: an odd number of blocks, 2 images", algorithm: "winograd 6x6") {
            try $0.convolution($0.input([2, 48, 23, 18]), 80)
        },
        NetworkCase("tiles of 4x4 of 5x5", algorithm: "winograd 4x4") {
            try $0.convolution($0.input([2, 64, 27, 27]), 192, kernel: [5, 5])
        },
        NetworkCase("channels that end within a block") { try $0.convolution($0.input([1, 19, 20, 20]), 37) },
        NetworkCase("no pads") { try $0.convolution($0.input([1, 32, 20, 21]), 32, pads: [0, 0, 0, 0]) },
        NetworkCase("wide pads") { try $0.convolution($0.input([1, 32, 12, 13]), 32, pads: [2, 1, 0, 2]) },
        NetworkCase("an image smaller than a tile") { try $0.convolution($0.input([3, 32, 2, 3]), 32) },
        NetworkCase("ReLU") { try $0.relu($0.convolution($0.input([1, 32, 16, 16]), 32)) },
        NetworkCase("leaky ReLU") {
            try $0.apply(UnaryElementwise(.leakyRelu(alpha: 0.1)), $0.convolution($0.input([1, 32, 16, 16]), 32))
        },
        NetworkCase("ReLU up to 1") {
            let x = try $0.convolution($0.input([1, 32, 16, 16]), 32)
            return try $0.apply(
                Clip(), x, $0.constant(Tensor(shape: [], [0 as Float])), $0.constant(Tensor(shape: [], [1 as Float])))
        },
        NetworkCase("sigmoid, channels that end within a block, then a convolution of them") {
            let x = try $0.apply(UnaryElementwise(.sigmoid), $0.convolution($0.input([1, 32, 16, 16]), 24))
            return try $0.convolution(x, 32)
        },
        NetworkCase("a residual that is needed again") {
            let x = try $0.relu($0.convolution($0.input([2, 32, 16, 16]), 32))
            let y = try $0.relu($0.apply(BinaryElementwise(.add), $0.convolution(x, 32), x))
            return try $0.apply(BinaryElementwise(.multiply), x, y)
        },
        NetworkCase("a residual that is an input") {
            let x = $0.input([2, 32, 16, 16])
            return try $0.apply(BinaryElementwise(.add), $0.convolution(x, 32), x)
        },
        NetworkCase("parts of a concatenation, read and written, 2 images") {
            let x = try $0.relu($0.convolution($0.input([2, 16, 20, 20]), 32))
            let y = try $0.relu($0.convolution(x, 48))
            let z = try $0.convolution($0.concatenation([y, x]), 16)
            return try $0.convolution($0.concatenation([x, z, y]), 32)
        },
    ]

    /// Convolutions that are computed by their definition, with all that can lie before, beside and behind them.
    static let direct: [NetworkCase] = [
        NetworkCase("direct 1x1", algorithm: "direct 1x1") {
            try $0.convolution($0.input([1, 64, 29, 31]), 256, kernel: [1, 1])
        },
        NetworkCase("direct 1x1: many channels, few pixels", algorithm: "direct 1x1") {
            try $0.convolution($0.input([1, 2048, 7, 7]), 528, kernel: [1, 1])
        },
        NetworkCase("direct 1x1: channels that end within a block, 3 images", algorithm: "direct 1x1") {
            try $0.convolution($0.input([3, 40, 9, 7]), 24, kernel: [1, 1])
        },
        NetworkCase("direct 1x1 with strides", algorithm: "direct 1x1") {
            try $0.convolution($0.input([2, 96, 15, 17]), 64, kernel: [1, 1], strides: [2, 2])
        },
        NetworkCase("direct 3x3 with strides", algorithm: "direct 3x3") {
            try $0.relu($0.convolution($0.input([2, 64, 28, 30]), 80, strides: [2, 2]))
        },
        NetworkCase("direct 3x3 with strides, odd extents, no pads", algorithm: "direct 3x3") {
            try $0.convolution($0.input([1, 32, 15, 13]), 32, strides: [2, 2], pads: [0, 0, 0, 0])
        },
        NetworkCase("direct 3x3 with strides and uneven pads", algorithm: "direct 3x3") {
            try $0.convolution($0.input([1, 32, 14, 14]), 32, strides: [2, 2], pads: [0, 0, 1, 1])
        },
        NetworkCase("direct 3x3 with strides: many channels, few pixels", algorithm: "direct 3x3") {
            try $0.convolution($0.input([1, 512, 14, 14]), 512, strides: [2, 2])
        },
        NetworkCase("an image of 3 channels, 7x7 with strides, 2 images") {
            try $0.relu($0.convolution($0.input([2, 3, 33, 30]), 40, kernel: [7, 7], strides: [2, 2]))
        },
        NetworkCase("an image of 1 channel, a window that tiles it") {
            try $0.convolution($0.input([1, 1, 12, 20]), 16, kernel: [4, 4], strides: [4, 4], pads: [0, 0, 0, 0])
        },
        NetworkCase("a kernel of 1x7, and one of 5x3") {
            let x = try $0.relu($0.convolution($0.input([1, 40, 9, 21]), 32, kernel: [1, 7]))
            return try $0.convolution(x, 48, kernel: [5, 3])
        },
        NetworkCase("a transposed convolution that tiles its output, 2 images") {
            let x = try $0.relu($0.convolution($0.input([2, 32, 10, 9]), 48))
            let weights = $0.constant([48, 32, 2, 2], scale: 0.2)
            return try $0.relu(
                $0.apply(ConvolutionTranspose(window: Window(strides: [2, 2])), x, weights, $0.constant([32])))
        },
        NetworkCase("a bottleneck, its residual, and a part of a concatenation, 2 images") {
            let x = try $0.relu($0.convolution($0.input([2, 32, 20, 20]), 64, kernel: [1, 1]))
            let y = try $0.relu($0.convolution(x, 32, kernel: [1, 1]))
            let z = try $0.relu($0.apply(BinaryElementwise(.add), $0.convolution(y, 64, kernel: [1, 1]), x))
            return try $0.convolution($0.concatenation([z, y]), 16, kernel: [1, 1])
        },
    ]
}
