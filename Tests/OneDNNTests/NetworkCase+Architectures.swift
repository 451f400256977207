import NeuralNetworks

extension NetworkCase {
    static let architectures: [NetworkCase] = [1, 3].flatMap { images in
        [
            residualBlocks(images: images),
            invertedResiduals(images: images),
            NetworkCase("shortcut that is read again, \(images) images") {
                let x = try $0.convolution($0.input([images, 3, 8, 8]), 16)
                let y = try $0.apply(BinaryElementwise(.add), $0.convolution(x, 16), x)
                return try $0.apply(BinaryElementwise(.add), $0.convolution(y, 16), x)
            },
            NetworkCase("residual from the input, \(images) images") {
                let x = $0.input([images, 16, 8, 8])
                return try $0.apply(BinaryElementwise(.add), x, $0.convolution(x, 16))
            },
            unet(images: images, width: 16, scale: "transposed"),
            unet(images: images, width: 10, scale: "odd width"),
        ]
    }

    static func residualBlocks(images: Int) -> NetworkCase {
        NetworkCase("residual blocks, \(images) images") {
            var x = try $0.relu(
                $0.batchNormalization($0.convolution($0.input([images, 3, 16, 16]), 32, bias: false)))
            for (width, stride) in [(32, 1), (48, 2), (48, 1)] {
                var y = try $0.convolution(x, width, strides: [stride, stride], bias: false)
                y = try $0.relu($0.batchNormalization(y))
                y = try $0.batchNormalization($0.convolution(y, width, bias: false))
                var shortcut = x
                if width != $0.shape(x)[1] {
                    shortcut = try $0.batchNormalization(
                        $0.convolution(x, width, kernel: [1, 1], strides: [stride, stride], bias: false))
                }
                x = try $0.relu($0.apply(BinaryElementwise(.add), y, shortcut))
            }
            let pooled = try $0.apply(Flatten(), $0.apply(GlobalPooling(.average), x))
            return try $0.apply(
                Softmax(), $0.apply(Gemm(transposeB: true), pooled, $0.constant([6, 48]), $0.constant([6])))
        }
    }

    /// Blocks of MobileNetV2 with their ReLU6, as small as they show everything.
    static func invertedResiduals(images: Int) -> NetworkCase {
        NetworkCase("inverted residual blocks, \(images) images") {
            let (low, high) = (
                $0.constant(Tensor(shape: [], [0 as Float])), $0.constant(Tensor(shape: [], [6 as Float]))
            )
            var x = $0.input([images, 3, 16, 16])
            x = try $0.apply(Clip(), $0.batchNormalization($0.convolution(x, 24, strides: [2, 2])), low, high)
            for (width, kernel, stride) in [(24, 3, 1), (40, 5, 2), (40, 5, 1)] {
                let wide = $0.shape(x)[1] * 4
                var y = try $0.batchNormalization($0.convolution(x, wide, kernel: [1, 1], bias: false))
                y = try $0.apply(Clip(), y, low, high)
                y = try $0.convolution(
                    y, wide, kernel: [kernel, kernel], strides: [stride, stride], groups: wide, bias: false)
                y = try $0.apply(Clip(), $0.batchNormalization(y), low, high)
                y = try $0.batchNormalization($0.convolution(y, width, kernel: [1, 1], bias: false))
                x = width == $0.shape(x)[1] ? try $0.apply(BinaryElementwise(.add), x, y) : y
            }
            return x
        }
    }

    static func unet(images: Int, width: Int, scale: String) -> NetworkCase {
        NetworkCase("U-Net, \(scale), \(images) images") {
            var x = $0.input([images, 3, 16, 24])
            var skips: [String] = []
            for level in 0..<3 {
                for _ in 0..<2 {
                    x = try $0.relu($0.batchNormalization($0.convolution(x, width << level, bias: false)))
                }
                guard level < 2 else { break }
                skips.append(x)
                x = try $0.apply(MaxPooling(window: Window(kernelShape: [2, 2], strides: [2, 2])), x)
            }
            for (level, skip) in skips.enumerated().reversed() {
                let channels = $0.shape(x)[1]
                let weights = $0.constant([channels, width << level, 2, 2], scale: 0.2)
                let up = try $0.apply(
                    ConvolutionTranspose(window: Window(strides: [2, 2])), x, weights, $0.constant([width << level]))
                x = try $0.concatenation([up, skip])
                for _ in 0..<2 {
                    x = try $0.relu($0.batchNormalization($0.convolution(x, width << level, bias: false)))
                }
            }
            return try $0.apply(UnaryElementwise(.sigmoid), $0.convolution(x, 1, kernel: [1, 1]))
        }
    }
}
