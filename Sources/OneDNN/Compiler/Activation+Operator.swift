import NeuralNetworks

extension Activation {
    /// The activation that an operator computes on `float32`, where oneDNN has it.
    ///
    /// - Parameter limits: the constant bounds of a Clip, lower first.
    init?(_ operation: any Operator, limits: (lower: Float?, upper: Float?)? = nil) {
        if let operation = operation as? UnaryElementwise {
            self.init(operation.function)
        } else if operation is Clip, let limits {
            self.init(
                function: .clip, alpha: limits.lower ?? -.greatestFiniteMagnitude,
                beta: limits.upper ?? .greatestFiniteMagnitude)
        } else {
            return nil
        }
    }

    private init?(_ function: UnaryElementwise.Function) {
        switch function {
        case .relu: self.init(function: .relu)
        case .leakyRelu(let alpha): self.init(function: .relu, alpha: alpha)
        case .elu(let alpha): self.init(function: .elu, alpha: alpha)
        case .sigmoid: self.init(function: .logistic)
        case .hardSwish: self.init(function: .hardSwish)
        case .swish(let alpha): self.init(function: .swish, alpha: alpha)
        case .gelu(approximation: .none): self.init(function: .gelu)
        case .gelu(approximation: .tanh): self.init(function: .geluTanh)
        case .softplus: self.init(function: .softplus)
        case .tanh: self.init(function: .tanh)
        case .exponential: self.init(function: .exp)
        case .logarithm: self.init(function: .log)
        case .squareRoot: self.init(function: .sqrt)
        case .round: self.init(function: .round)
        case .reciprocal: self.init(function: .pow, alpha: 1, beta: -1)
        case .absolute: self.init(function: .abs)
        case .negate: self.init(function: .linear, alpha: -1)
        default: return nil
        }
    }
}

extension Activation {
    /// A function of two numbers, the second of which is known.
    fileprivate init?(_ function: BinaryElementwise.Function, _ number: Float) {
        switch function {
        case .add: self.init(function: .linear, alpha: 1, beta: number)
        case .subtract: self.init(function: .linear, alpha: 1, beta: -number)
        case .multiply: self.init(function: .linear, alpha: number)
        case .power: self.init(function: .pow, alpha: 1, beta: number)
        case .divide, .modulo, .remainder: return nil
        }
    }
}

extension FusionGraph {
    /// The activation that a node of one data input computes, where oneDNN has it.
    func activation(_ node: Node) -> Activation? {
        guard let input = node.inputs.first ?? nil, types[input]?.elementType == .float32 else { return nil }
        if let operation = node.operation as? BinaryElementwise {
            guard let number = scalar(node.inputs[1]), shape(node.outputs[0]) == shape(input) else { return nil }
            return Activation(operation.function, number)
        }
        if node.operation is ParametricRelu {
            return scalar(node.inputs[1]).map { Activation(function: .relu, alpha: $0) }
        }
        guard node.operation is Clip else { return Activation(node.operation) }
        var limits: [Float?] = [nil, nil]
        for (index, name) in node.inputs.dropFirst().enumerated() {
            guard let name else { continue }
            guard let limit = constants[name]?.floats?.first else { return nil }
            limits[index] = limit
        }
        return Activation(node.operation, limits: (limits[0], limits[1]))
    }
}
