/// The three sums that are the gradients of convolutions, plain or transposed. *Output* and *input* are those of the plain
/// convolution, which a transposed one has the other way round.
struct ConvolutionSums {
    private let geometry: WindowGeometry
    /// `[output channels, input channels / groups, K1, ...]`
    private let weights: Shape
    private let images: Int
    private let groups: Int

    init(_ geometry: WindowGeometry, weights: Shape, images: Int, groups: Int) {
        self.geometry = geometry
        self.weights = weights
        self.images = images
        self.groups = groups
    }

    /// For each weight, the products of the output's and the input's elements that it connects.
    func weights(output: [Float], input: [Float]) -> Tensor {
        var sums = [Float](repeating: 0, count: weights.elementCount)
        let stride = geometry.strides[geometry.rank - 1]
        forEachPlane { weight, outputPlane, inputPlane, rows in
            var sum: Float = 0
            for row in rows {
                for column in 0..<row.count {
                    sum += output[outputPlane + row.output + column] * input[inputPlane + row.input + column * stride]
                }
            }
            sums[weight] += sum
        }
        return Tensor(shape: weights, sums)
    }

    /// For each element of the input, those of the output that it reaches, weighted.
    func input(output: [Float], filters: [Float], shape: Shape) -> Tensor {
        var sums = [Float](repeating: 0, count: shape.elementCount)
        let stride = geometry.strides[geometry.rank - 1]
        forEachPlane { weight, outputPlane, inputPlane, rows in
            for row in rows {
                for column in 0..<row.count {
                    sums[inputPlane + row.input + column * stride] +=
                        filters[weight] * output[outputPlane + row.output + column]
                }
            }
        }
        return Tensor(shape: shape, sums)
    }

    /// For each element of the output, those of the input that reach it, weighted.
    func output(input: [Float], filters: [Float], shape: Shape) -> Tensor {
        var sums = [Float](repeating: 0, count: shape.elementCount)
        let stride = geometry.strides[geometry.rank - 1]
        forEachPlane { weight, outputPlane, inputPlane, rows in
            for row in rows {
                for column in 0..<row.count {
                    sums[outputPlane + row.output + column] +=
                        filters[weight] * input[inputPlane + row.input + column * stride]
                }
            }
        }
        return Tensor(shape: shape, sums)
    }

    /// Calls `body` for each weight and image with the weight's index, the offsets of the planes that it connects, and what
    /// it connects in them.
    private func forEachPlane(_ body: (_ weight: Int, _ output: Int, _ input: Int, [WindowGeometry.Row]) -> Void) {
        let (channels, inner) = (weights[0], weights[1])
        let taps = geometry.kernelShape.reduce(1, *)
        for (tap, position) in geometry.kernelPositions.enumerated() {
            let rows = geometry.rows(at: position)
            for plane in 0..<images * channels {
                let (image, channel) = plane.quotientAndRemainder(dividingBy: channels)
                let group = image * groups + channel / (channels / groups)
                for innerChannel in 0..<inner {
                    body(
                        (channel * inner + innerChannel) * taps + tap, plane * geometry.outputCount,
                        (group * inner + innerChannel) * geometry.inputCount, rows)
                }
            }
        }
    }
}
