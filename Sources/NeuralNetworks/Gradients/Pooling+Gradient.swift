extension MaxPooling: DifferentiableOperator {
    /// Each window's gradient goes to its largest element, the first one of several.
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let (data, given) = (inputs.floats(0), gradient.elements)
        let geometry = try geometry(data: inputs.tensor(0).shape)
        var result = [Float](repeating: 0, count: data.count)
        geometry.forEachWindow { position, taps in
            for plane in 0..<output.shape[0] * output.shape[1] {
                let offset = plane * geometry.inputCount
                guard var best = taps.first else { continue }
                for tap in taps where data[offset + tap] > data[offset + best] { best = tap }
                result[offset + best] += given[plane * geometry.outputCount + position]
            }
        }
        return [Tensor(shape: inputs.tensor(0).shape, result)]
    }
}

extension AveragePooling: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let data = inputs.tensor(0).shape
        let geometry = try geometry(data: data)
        let given = gradient.elements
        var result = [Float](repeating: 0, count: data.elementCount)
        geometry.forEachWindow { position, taps in
            let divisor = divisor(of: position, taps: taps.count, geometry)
            for plane in 0..<data[0] * data[1] {
                let share = given[plane * geometry.outputCount + position] / divisor
                for tap in taps { result[plane * geometry.inputCount + tap] += share }
            }
        }
        return [Tensor(shape: data, result)]
    }
}

extension GlobalPooling: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let (data, given) = (inputs.floats(0), gradient.elements)
        let size = data.count / max(given.count, 1)
        var result = [Float](repeating: 0, count: data.count)
        for (plane, share) in given.enumerated() {
            let range = plane * size..<(plane + 1) * size
            switch kind {
            case .average: for index in range { result[index] = share / Float(size) }
            case .maximum: if let best = range.max(by: { data[$0] < data[$1] }) { result[best] = share }
            }
        }
        return [Tensor(shape: inputs.tensor(0).shape, result)]
    }
}
