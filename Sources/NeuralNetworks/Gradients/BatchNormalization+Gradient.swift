/// By the data's own mean and variance in training, through which the gradient goes too; by the running ones, which are
/// constants, otherwise: a layer that is frozen.
///
/// With `n` elements of a channel and `z = (x - mean) / sqrt(variance + epsilon)`, in training
/// `dx = scale / sqrt(variance + epsilon) * (dy - sum(dy) / n - z * sum(dy * z) / n)`; frozen, without the sums.
///
/// Source: Ioffe and Szegedy, "Batch normalization", 2015, section 3.
extension BatchNormalization: DifferentiableOperator {
    public var learnedInputs: Range<Int> { 1..<3 }

    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let planes = Planes(output.shape, channelAxis: 1)
        let (data, scale) = (inputs.floats(0), inputs.floats(1))
        let given = gradient.elements
        var (means, variances) = (inputs.floats(3), inputs.floats(4))
        if case .training = mode {
            for channel in 0..<planes.channels {
                (means[channel], variances[channel]) = planes.moments(of: data, channel: channel)
            }
        }
        var result = [Float](repeating: 0, count: data.count)
        var scales = [Float](repeating: 0, count: planes.channels)
        var biases = scales
        let count = Float(planes.images * planes.size)
        for channel in 0..<planes.channels {
            let (mean, factor) = (means[channel], 1 / (variances[channel] + epsilon).squareRoot())
            planes.forEachOffset(of: channel) {
                biases[channel] += given[$0]
                scales[channel] += given[$0] * (data[$0] - mean) * factor
            }
            let isFrozen = mode == .inference
            let (shift, slope) = isFrozen ? (0, 0) : (biases[channel] / count, scales[channel] / count)
            planes.forEachOffset(of: channel) {
                result[$0] = scale[channel] * factor * (given[$0] - shift - (data[$0] - mean) * factor * slope)
            }
        }
        let channels: Shape = [planes.channels]
        return [
            Tensor(shape: output.shape, result), Tensor(shape: channels, scales), Tensor(shape: channels, biases), nil,
            nil,
        ]
    }
}
