import NeuralNetworks

/// What transformers are made of, and convolutional networks that look like them.
extension NetworkCase {
    fileprivate enum Parting: CaseIterable { case gather, split }

    static let transformers: [NetworkCase] =
        [
            NetworkCase("product, bias, GELU, product, bias, residual") {
                let x = $0.input([2, 7, 24])
                let y = try $0.apply(UnaryElementwise(.gelu(approximation: .none)), $0.linear(x, 40))
                return try $0.apply(BinaryElementwise(.add), x, $0.linear(y, 24))
            },
            NetworkCase("product, bias before it, scale, residual of a constant") {
                let x = $0.input([1, 9, 20])
                let y = try $0.apply(MatrixMultiplication(), x, $0.constant([20, 33], scale: 0.2))
                let sum = try $0.apply(BinaryElementwise(.add), $0.constant([1, 33]), y)
                let scaled = try $0.apply(BinaryElementwise(.multiply), $0.constant([33]), sum)
                return try $0.apply(BinaryElementwise(.add), scaled, $0.constant([1, 9, 33]))
            },
            NetworkCase("product, a number for all, a row of numbers") {
                let y = try $0.apply(MatrixMultiplication(), $0.input([3, 20]), $0.constant([20, 33], scale: 0.2))
                let sum = try $0.apply(BinaryElementwise(.add), y, $0.constant([1]))
                return try $0.apply(BinaryElementwise(.add), sum, $0.constant([3, 1]))
            },
            NetworkCase("product that is read twice") {
                let y = try $0.linear($0.input([2, 5, 20]), 20)
                return try $0.apply(BinaryElementwise(.multiply), $0.apply(BinaryElementwise(.add), y, y), y)
            },
            NetworkCase("blocks of channels last: depthwise, normalised, scaled") {
                var x = try $0.convolution($0.input([2, 3, 10, 9]), 24)
                for _ in 0..<3 { x = try $0.channelsLastBlock(x) }
                return try $0.convolution(x, 16, kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0])
            },
            NetworkCase("a shortcut that is computed behind the product") {
                let x = $0.input([1, 16, 6, 5])
                let rows = try $0.linear($0.apply(Transpose(permutation: [0, 2, 3, 1]), x), 16)
                let y = try $0.convolution(x, 16)
                let images = try $0.apply(Transpose(permutation: [0, 3, 1, 2]), rows)
                return try $0.apply(BinaryElementwise(.add), y, images)
            },
            NetworkCase("blocks of channels last, given out") {
                let x = try $0.channelsLastBlock($0.input([1, 24, 6, 5]))
                return try $0.channelsLastBlock(x)
            },
            NetworkCase("channels last, gated and pooled") {
                let x = try $0.channelsLastBlock($0.input([2, 24, 6, 5]))
                let gate = try $0.apply(UnaryElementwise(.sigmoid), $0.apply(GlobalPooling(.average), x))
                let y = try $0.apply(BinaryElementwise(.multiply), x, gate)
                let window = Window(kernelShape: [2, 2], strides: [2, 2])
                return try $0.concatenation([$0.apply(MaxPooling(window: window), y), $0.relu($0.input([2, 7, 3, 2]))])
            },
            NetworkCase("scores with a mask for each window") {
                let x = try $0.apply(BinaryElementwise(.add), $0.input([2, 4, 3, 5, 5]), $0.constant([1, 4, 1, 5, 5]))
                return try $0.apply(Softmax(), x)
            },
            NetworkCase("scores with a mask for each image") {
                try $0.apply(BinaryElementwise(.add), $0.input([3, 1, 5, 5]), $0.input([3, 4, 5, 5]))
            },
            NetworkCase("gate of pixels") {
                let x = try $0.convolution($0.input([2, 3, 8, 7]), 20)
                let gate = try $0.apply(UnaryElementwise(.sigmoid), $0.convolution(x, 1, kernel: [1, 1]))
                return try $0.convolution($0.apply(BinaryElementwise(.multiply), gate, x), 16)
            },
            NetworkCase("padding by nothing") {
                let pads = $0.constant(Tensor(shape: [6], [0, 0, 0, 0, 0, 0 as Int64]))
                return try $0.linear($0.apply(Padding(), $0.input([2, 5, 20]), pads), 12)
            },
            NetworkCase("a sum with a row of a join") {
                let x = try $0.concatenation([$0.input([1, 1, 20]), $0.input([1, 6, 20])])
                return try $0.apply(BinaryElementwise(.add), x, $0.constant([1, 7, 20]))
            },
        ]
        + Parting.allCases.map { parting in
            NetworkCase("attention, parts by \(parting)") {
                try $0.attention($0.input([2, 11, 24]), heads: 3, parting)
            }
        }
}

extension Sketch {
    fileprivate mutating func linear(_ rows: String, _ columns: Int) throws -> String {
        let inner = shape(rows).dimensions.last ?? 1
        let weights = constant([inner, columns], scale: 1 / Float(inner).squareRoot())
        return try apply(BinaryElementwise(.add), apply(MatrixMultiplication(), rows, weights), constant([columns]))
    }

    /// A block of ConvNeXt.
    fileprivate mutating func channelsLastBlock(_ images: String) throws -> String {
        let channels = shape(images)[1]
        let x = try convolution(images, channels, kernel: [7, 7], groups: channels)
        let rows = try apply(Transpose(permutation: [0, 2, 3, 1]), x)
        let normal = try apply(LayerNormalization(), rows, constant([channels]), constant([channels]))
        let hidden = try apply(UnaryElementwise(.gelu(approximation: .none)), linear(normal, 4 * channels))
        let y = try apply(Transpose(permutation: [0, 3, 1, 2]), linear(hidden, channels))
        let scaled = try apply(BinaryElementwise(.multiply), y, constant([1, channels, 1, 1]))
        return try apply(BinaryElementwise(.add), scaled, images)
    }

    fileprivate mutating func integers(_ numbers: Int64...) -> String {
        constant(Tensor(shape: [numbers.count], numbers))
    }

    /// Of several heads, as exporters write it.
    ///
    /// - Parameter rows: `[N, T, C]`.
    fileprivate mutating func attention(
        _ rows: String, heads: Int, _ parting: NetworkCase.Parting
    ) throws -> String {
        let (images, count, channels) = (shape(rows)[0], shape(rows)[1], shape(rows)[2])
        let extents = [images, count, 3, heads, channels / heads].map { Int64($0) }
        let all = try apply(Reshape(), linear(rows, 3 * channels), constant(Tensor(shape: [5], extents)))
        let ordered = try apply(Transpose(permutation: [2, 0, 3, 1, 4]), all)
        let parts = try (0..<3).map { part in
            switch parting {
            case .gather: try apply(Gather(), ordered, constant(Tensor(shape: [], [Int64(part)])))
            case .split:
                try apply(
                    Squeeze(),
                    apply(
                        Slice(), ordered, integers(Int64(part)), integers(Int64(part) + 1), integers(0), integers(1)),
                    integers(0))
            }
        }
        let scale = constant(Tensor(shape: [], [0.6 as Float]))
        let keys = try apply(Transpose(permutation: [0, 1, 3, 2]), parts[1])
        let scores = try apply(
            MatrixMultiplication(), apply(BinaryElementwise(.multiply), parts[0], scale),
            apply(BinaryElementwise(.multiply), keys, scale))
        let values = try apply(MatrixMultiplication(), apply(Softmax(), scores), parts[2])
        let joined = try apply(
            Reshape(), apply(Transpose(permutation: [0, 2, 1, 3]), values),
            integers(Int64(images), Int64(count), Int64(channels)))
        return try linear(joined, channels)
    }
}
