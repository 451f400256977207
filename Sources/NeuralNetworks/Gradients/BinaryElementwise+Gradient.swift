import Glibc

extension BinaryElementwise: DifferentiableOperator {
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let shapes = (inputs.tensor(0).shape, inputs.tensor(1).shape)
        let exponent = inputs.tensor(1).converted(to: .float32)
        let left = Tensor(
            shape: output.shape, shapes.0.offsets(broadcastTo: output.shape).map { inputs.floats(0)[$0] })
        let right = Tensor(
            shape: output.shape, shapes.1.offsets(broadcastTo: output.shape).map { exponent.elements[$0] })
        func gradients(
            _ byLeft: (Float, Float) -> Float, _ byRight: (Float, Float) -> Float
        ) -> [Tensor?] {
            [
                gradient.combined(with: left.combined(with: right, byLeft), *).summed(to: shapes.0),
                gradient.combined(with: left.combined(with: right, byRight), *).summed(to: shapes.1),
            ]
        }
        switch function {
        case .add: return [gradient.summed(to: shapes.0), gradient.summed(to: shapes.1)]
        case .subtract: return gradients({ _, _ in 1 }, { _, _ in -1 })
        case .multiply: return gradients({ $1 }, { x, _ in x })
        case .divide: return gradients({ 1 / $1 }, { -$0 / ($1 * $1) })
        case .power: return gradients({ $1 * pow($0, $1 - 1) }, { pow($0, $1) * log($0) })
        case .modulo, .remainder: throw invalid(.unsupported, "has no gradient here")
        }
    }
}

extension VariadicElementwise: DifferentiableOperator {
    /// An extremum's gradient goes to the first input that has it.
    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        var isGiven = [Bool](repeating: false, count: gradient.elements.count)
        return inputs.indices.map { index in
            let shape = inputs.tensor(index).shape
            switch function {
            case .sum: return gradient.summed(to: shape)
            case .mean:
                let count = Float(inputs.count)
                return Tensor(shape: gradient.shape, gradient.elements.map { $0 / count }).summed(to: shape)
            case .maximum, .minimum:
                let own = shape.offsets(broadcastTo: output.shape).map { inputs.floats(index)[$0] }
                let shares = gradient.elements.enumerated().map { position, share -> Float in
                    guard !isGiven[position], own[position] == output.elements[position] else { return 0 }
                    isGiven[position] = true
                    return share
                }
                return Tensor(shape: gradient.shape, shares).summed(to: shape)
            }
        }
    }
}

extension ParametricRelu: DifferentiableOperator {
    public var learnedInputs: Range<Int> { 1..<2 }

    public func gradients(
        of inputs: [Tensor?], output: Tensor, from gradient: Tensor
    ) throws -> [Tensor?] {
        let (data, slope) = (inputs.tensor(0), inputs.tensor(1))
        let aligned = aligned(slope.shape, to: data.shape)
        let slopes = aligned.offsets(broadcastTo: data.shape).map { slope.elements[$0] }
        let byData = zip(zip(data.elements, slopes), gradient.elements).map { $0.0 > 0 ? $1 : $0.1 * $1 }
        let bySlope = gradient.combined(with: data) { $1 > 0 ? 0 : $0 * $1 }.summed(to: aligned)
        return [Tensor(shape: data.shape, byData), bySlope.reshaped(to: slope.shape)]
    }
}
