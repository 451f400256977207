import NeuralNetworks

/// The gradient with regard to the weights of a depthwise convolution: for each tap of a channel, the products of what it read
/// and of the gradient of what it made, summed over all pixels. For kernels past 3 x 3, for which oneDNN has no generated code.
///
/// Images lie in blocks of channels: `[N, C / block, H, W, block]`.
struct DepthwiseGradient {
    private let images, channels, block: Int
    private let rows, columns: Axis

    /// One side of the images.
    private struct Axis {
        let length, outputs, kernel, stride, dilation, pad: Int

        init(_ problem: ConvolutionProblem, _ axis: Int) {
            length = problem.source[2 + axis]
            outputs = problem.destination[2 + axis]
            kernel = problem.kernel[axis]
            stride = problem.strides[axis]
            dilation = problem.dilations[axis]
            pad = problem.padsBegin[axis]
        }

        /// Where a tap reads for the first output, before the image where it is negative.
        func start(_ tap: Int) -> Int { tap * dilation - pad }

        /// Outputs for which a tap reads within the image.
        func inside(_ tap: Int) -> Range<Int> {
            let first = max(0, (stride - 1 - start(tap)) / stride)
            let last = length - 1 - start(tap)
            return last < 0 ? first..<first : first..<max(first, min(outputs, last / stride + 1))
        }
    }

    /// Nil for other convolutions, and those that oneDNN is good at.
    init?(_ problem: ConvolutionProblem) {
        guard !problem.isTransposed, problem.source.count == 4, problem.groups == problem.source[1],
            problem.groups == problem.destination[1], problem.groups > 1, problem.kernel.contains(where: { $0 > 3 })
        else { return nil }
        images = problem.source[0]
        channels = problem.source[1]
        block = InstructionSet.current.channelBlock.rawValue
        (rows, columns) = (Axis(problem, 0), Axis(problem, 1))
    }

    typealias Numbers = UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - weights: `[C, K1, K2]`
    ///   - bias: `[C]`
    func sums(of source: Numbers, _ gradient: Numbers, weights: Numbers, bias: Numbers) {
        if block == 16 {
            sums(SIMD16<Float>.self, source, gradient, weights, bias)
        } else {
            sums(SIMD8<Float>.self, source, gradient, weights, bias)
        }
    }

    @inline(__always)
    private func sums<Vector: SIMD<Float>>(
        _: Vector.Type, _ source: Numbers, _ gradient: Numbers, _ weights: Numbers, _ bias: Numbers
    ) {
        let pixels = UnsafeMutableRawPointer(source).assumingMemoryBound(to: Vector.self)
        let slopes = UnsafeMutableRawPointer(gradient).assumingMemoryBound(to: Vector.self)
        let blocks = (channels + block - 1) / block
        let taps = rows.kernel * columns.kernel
        for index in 0..<blocks {
            let own = index * block..<min(channels, (index + 1) * block)
            for tap in 0..<taps {
                let (down, across) = (tap / columns.kernel, tap % columns.kernel)
                var sum = Vector.zero
                for image in 0..<images {
                    let plane = image * blocks + index
                    for y in rows.inside(down) {
                        let line = (plane * rows.length + y * rows.stride + rows.start(down)) * columns.length
                        let slope = (plane * rows.outputs + y) * columns.outputs
                        var part = Vector.zero
                        for x in columns.inside(across) {
                            part += pixels[line + x * columns.stride + columns.start(across)] * slopes[slope + x]
                        }
                        sum += part
                    }
                }
                for channel in own { weights[channel * taps + tap] = sum[channel - own.lowerBound] }
            }
            var sum = Vector.zero
            for image in 0..<images {
                let first = (image * blocks + index) * rows.outputs * columns.outputs
                for y in 0..<rows.outputs {
                    var part = Vector.zero
                    for x in 0..<columns.outputs { part += slopes[first + y * columns.outputs + x] }
                    sum += part
                }
            }
            for channel in own { bias[channel] = sum[channel - own.lowerBound] }
        }
    }
}
