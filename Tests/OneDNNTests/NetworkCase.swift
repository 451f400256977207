import NeuralNetworks

/// A small network that both executions run.
struct NetworkCase: Sendable, CustomStringConvertible {
    let description: String
    /// What computes its only convolution where there are kernels for that, the first words of its layer's
    /// implementation; nil where a case promises none.
    let algorithm: String?
    let graph: @Sendable () throws -> Graph

    init(
        _ description: String, algorithm: String? = nil,
        _ body: @escaping @Sendable (inout Sketch) throws -> String
    ) {
        self.description = description
        self.algorithm = algorithm
        graph = {
            var sketch = Sketch()
            let output = try body(&sketch)
            return try sketch.graph(output)
        }
    }

    static let all =
        convolutions + winograd + direct + transposedConvolutions + poolings + elementwise + joins + resamplings + heads
        + normalisations + selfGates + cuts + summations + transformers + kernels + architectures
}

extension NetworkCase {
    static let convolutions: [NetworkCase] = [
        NetworkCase("3x3, odd channels") { try $0.convolution($0.input([2, 3, 9, 11]), 5) },
        NetworkCase("3x3, 64 channels") { try $0.convolution($0.input([1, 64, 16, 20]), 64) },
        NetworkCase("3x3, 64 channels, ReLU, 3 images") {
            let x = try $0.convolution($0.input([3, 64, 17, 13]), 48)
            return try $0.relu(x)
        },
        NetworkCase("1x1") { try $0.convolution($0.input([1, 20, 7, 5]), 33, kernel: [1, 1]) },
        NetworkCase("strides 2") { try $0.convolution($0.input([1, 16, 15, 15]), 32, strides: [2, 2]) },
        NetworkCase("7x7, strides 2, 3 channels") {
            try $0.convolution($0.input([1, 3, 32, 32]), 64, kernel: [7, 7], strides: [2, 2])
        },
        NetworkCase("dilations") {
            try $0.convolution($0.input([1, 8, 15, 15]), 8, pads: [2, 2, 2, 2], dilations: [2, 2])
        },
        NetworkCase("asymmetric pads and kernel") {
            try $0.convolution($0.input([1, 4, 10, 12]), 6, kernel: [3, 5], pads: [0, 1, 2, 3])
        },
        NetworkCase("groups") { try $0.convolution($0.input([2, 12, 8, 8]), 24, groups: 3) },
        NetworkCase("groups of 16") { try $0.convolution($0.input([1, 32, 8, 8]), 32, groups: 2) },
        NetworkCase("depthwise") { try $0.convolution($0.input([1, 24, 9, 9]), 24, groups: 24) },
        NetworkCase("depthwise, multiplier") { try $0.convolution($0.input([1, 6, 9, 9]), 12, groups: 6) },
        NetworkCase("one axis") { try $0.convolution($0.input([2, 5, 40]), 7, kernel: [5]) },
        NetworkCase("three axes") { try $0.convolution($0.input([1, 4, 6, 7, 8]), 6, kernel: [3, 3, 3]) },
        NetworkCase("no bias") { try $0.convolution($0.input([1, 3, 6, 6]), 4, bias: false) },
        NetworkCase("same padding") {
            let x = $0.input([1, 3, 7, 7])
            let weights = $0.constant([4, 3, 2, 2])
            return try $0.apply(
                Convolution(window: Window(strides: [2, 2], automaticPadding: .sameUpper)), x, weights)
        },
        NetworkCase("weights that are computed") {
            let (x, y) = ($0.input([1, 3, 6, 6]), $0.input([4, 3, 3, 3]))
            return try $0.relu($0.apply(Convolution(), x, y))
        },
    ]

    static let transposedConvolutions: [NetworkCase] = [
        NetworkCase("transposed 2x2, strides 2") {
            let x = $0.input([2, 32, 6, 7])
            let weights = $0.constant([32, 16, 2, 2], scale: 0.2)
            return try $0.apply(ConvolutionTranspose(window: Window(strides: [2, 2])), x, weights, $0.constant([16]))
        },
        NetworkCase("transposed 3x3, output padding, ReLU") {
            let x = $0.input([1, 5, 6, 7])
            let weights = $0.constant([5, 9, 3, 3], scale: 0.2)
            let window = Window(strides: [2, 2], pads: [1, 1, 1, 1])
            return try $0.relu(
                $0.apply(ConvolutionTranspose(window: window, outputPadding: [1, 1]), x, weights, $0.constant([9])))
        },
        NetworkCase("transposed, groups, normalised") {
            let x = $0.input([1, 8, 5, 5])
            let weights = $0.constant([8, 6, 3, 3], scale: 0.2)
            let y = try $0.apply(ConvolutionTranspose(window: Window(strides: [2, 2]), groups: 2), x, weights)
            return try $0.batchNormalization(y)
        },
        NetworkCase("transposed, dilated") {
            let x = $0.input([1, 4, 5, 5])
            let weights = $0.constant([4, 6, 3, 3], scale: 0.2)
            return try $0.apply(ConvolutionTranspose(window: Window(dilations: [2, 2])), x, weights)
        },
    ]

    static let poolings: [NetworkCase] = [
        NetworkCase("maximum 2x2") {
            try $0.apply(MaxPooling(window: Window(kernelShape: [2, 2], strides: [2, 2])), $0.input([2, 19, 8, 10]))
        },
        NetworkCase("maximum 3x3 behind a convolution") {
            let x = try $0.convolution($0.input([1, 3, 16, 16]), 24)
            let window = Window(kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1])
            return try $0.apply(MaxPooling(window: window), x)
        },
        NetworkCase("maximum, ceiling") {
            let window = Window(kernelShape: [3, 3], strides: [2, 2])
            return try $0.apply(MaxPooling(window: window, rounding: .ceiling), $0.input([1, 4, 8, 8]))
        },
        NetworkCase("maximum, dilations") {
            let window = Window(kernelShape: [2, 2], dilations: [2, 2])
            return try $0.apply(MaxPooling(window: window), $0.input([1, 4, 8, 8]))
        },
        NetworkCase("mean without padding counted") {
            let window = Window(kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1])
            return try $0.apply(AveragePooling(window: window), $0.input([1, 4, 9, 9]))
        },
        NetworkCase("mean with padding counted") {
            let window = Window(kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1])
            return try $0.apply(AveragePooling(window: window, countsPadding: true), $0.input([1, 4, 9, 9]))
        },
        NetworkCase("mean with padding counted, ceiling") {
            let window = Window(kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1])
            return try $0.apply(
                AveragePooling(window: window, rounding: .ceiling, countsPadding: true), $0.input([1, 4, 8, 8]))
        },
        NetworkCase("global mean") { try $0.apply(GlobalPooling(.average), $0.input([2, 37, 7, 5])) },
        NetworkCase("global maximum of one axis") { try $0.apply(GlobalPooling(.maximum), $0.input([2, 37, 9])) },
    ]
}
