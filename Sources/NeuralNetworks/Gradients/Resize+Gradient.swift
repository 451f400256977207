extension Resize: DifferentiableOperator {
    /// Each element of the output gives its gradient to those that it is a sum of, weighted likewise.
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        if case .cropAndResize = coordinates { throw invalid(.unsupported, "that crops has no gradient here") }
        let values = inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } }
        let axes = try resamplings(of: inputs.tensor(0).shape, Arguments(values, of: self, count: 2...4))
        var result = gradient
        for (axis, resampling) in axes.enumerated() {
            result = spread(result, axis: axis, to: resampling.input, samples: resampling.samples(self))
        }
        return [result]
    }

    /// Back along one axis to its extent before it was resampled.
    private func spread(_ tensor: Tensor, axis: Int, to extent: Int, samples: [AxisResampling.Sample]) -> Tensor {
        let planes = Planes(tensor.shape, channelAxis: axis)
        var extents = tensor.shape.dimensions
        extents[axis] = extent
        let given = tensor.elements
        var result = [Float](repeating: 0, count: extents.reduce(1, *))
        for image in 0..<planes.images {
            for (position, sample) in samples.enumerated() {
                let source = (image * planes.channels + position) * planes.size
                for tap in sample.taps {
                    let target = (image * extent + tap.index) * planes.size
                    for column in 0..<planes.size { result[target + column] += tap.weight * given[source + column] }
                }
            }
        }
        return Tensor(shape: Shape(extents), result)
    }
}
