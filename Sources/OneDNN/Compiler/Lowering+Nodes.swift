import NeuralNetworks

extension Lowering {
    /// Appends the steps that compute a node.
    mutating func lower(_ node: FusionGraph.Node) throws(EngineError) {
        if try lowerOnLevels(node) { return }
        if graph.isIntegerProduct(node), try lowerIntegerProduct(node) { return }
        // What no integers take may have taken in what followed it: a rounding before a sum leaves all of that to the end.
        var product = node
        (product.rounding, product.ownRounding) = (nil, nil)
        if node.ownRounding != nil { (product.residual, product.activation) = (nil, nil) }
        let isPrimitive = try lowerToPrimitive(product)
        if !isPrimitive { try lowerToEvaluation(product) }
        guard let output = node.outputs.first ?? nil, let result = try operand(output) else { return }
        if !isPrimitive || node.ownRounding != nil {
            if let grid = node.ownRounding { try round(result, grid, to: result) }
            if let residual = node.residual { try add(residual, to: result) }
            if let activation = node.activation { try apply(activation, to: result) }
        }
        if let grid = node.rounding { try round(result, grid, to: result) }
    }

    /// - Returns: false where the operator's plain definition must do.
    private mutating func lowerToPrimitive(_ node: FusionGraph.Node) throws(EngineError) -> Bool {
        guard let output = node.outputs.first ?? nil, graph.types[output]?.elementType == .float32,
            let shape = graph.shape(output), shape.elementCount > 0, !graph.keepsNaN || node.keepsNaN(in: graph)
        else { return false }
        switch node.operation {
        case is Convolution: return try lowerConvolution(node)
        case is ConvolutionTranspose:
            if try lowerPixelShuffle(node) { return true }
            return try lowerConvolution(node)
        case is MaxPooling, is AveragePooling, is GlobalPooling: return try lowerPooling(node)
        case is Resize: return try lowerResampling(node)
        case is Concatenation: return try lowerConcatenation(node)
        case is Identity, is Dropout, is Flatten, is Reshape, is Squeeze, is Unsqueeze: return try lowerView(node)
        case is Gemm, is MatrixMultiplication:
            if try lowerInnerProduct(node) { return true }
            return try lowerMatrixProduct(node)
        case is Transpose: return try lowerTranspose(node)
        case is Reduction: return try lowerReduction(node)
        case is Softmax, is LocalResponseNormalization, is BatchNormalization: return try lowerNormalisation(node)
        case is LayerNormalization: return try lowerLayerNormalization(node)
        case is GroupNormalization: return try lowerGroupNormalization(node)
        case let operation as Rounding: return try lowerRounding(node, operation)
        case is Slice: return try lowerSlice(node)
        case is Split: return try lowerSplit(node)
        case is Gather: return try lowerGather(node)
        case is ParametricRelu where graph.activation(node) == nil: return try lowerParametricRelu(node)
        case let operation as BinaryElementwise where graph.activation(node) == nil:
            guard let function = operation.function.primitive else { return false }
            return try lowerBinary(node, function)
        case let operation as VariadicElementwise:
            guard let function = operation.function.primitive else { return false }
            return try lowerBinary(node, function)
        default:
            if let (slope, offset) = (node.operation as? UnaryElementwise)?.clippedLine {
                return try lowerClippedLine(node, slope: slope, offset: offset)
            }
            guard let activation = graph.activation(node) else { return false }
            return try lowerActivation(node, activation)
        }
    }

    /// Runs the operator's plain definition on row-major tensors.
    private mutating func lowerToEvaluation(_ node: FusionGraph.Node) throws(EngineError) {
        var inputs: [EvaluationStep.Operand?] = []
        for name in node.inputs {
            guard let name, let type = graph.types[name] else {
                inputs.append(nil)
                continue
            }
            if let constant = graph.constants[name] {
                inputs.append(.constant(constant))
            } else if let plain = try MemoryDescriptor.plain(type), let operand = try read(name, as: plain) {
                inputs.append(.value(type, operand.location))
            } else if let location = memory.location(of: name) {
                inputs.append(.value(type, location))
            } else {
                throw EngineError(.graph, "\(node.name): \(name) is not computed before it is read")
            }
        }
        var outputs: [EvaluationStep.Operand?] = []
        for name in node.outputs {
            guard let name, let type = graph.types[name] else {
                outputs.append(nil)
                continue
            }
            let location = memory.makeBuffer(byteCount: type.byteCount, for: name)
            if let plain = try MemoryDescriptor.plain(type) {
                memory.place(name, Operand(descriptor: plain, location: location))
            } else {
                memory.place(name, at: location)
            }
            outputs.append(.value(type, location))
        }
        steps.append(
            .evaluation(EvaluationStep(node: node.name, operation: node.operation, inputs: inputs, outputs: outputs)))
        describe(node, nil, operationCount: 0)
    }

    /// Adds a value to what lies at `sum`.
    private mutating func add(_ name: String, to sum: Operand) throws(EngineError) {
        guard let addend = try read(name, as: sum.descriptor) else {
            throw EngineError(.graph, "\(name) is not a value that can be added")
        }
        let attributes = try Attributes()
        guard
            let descriptor = try PrimitiveDescriptor.binary(
                .add, sum.descriptor, addend.descriptor, attributes, engine)
        else {
            throw EngineError(.library, "oneDNN lacks an addition")
        }
        try run(descriptor, [(.source, sum), (.secondSource, addend), (.destination, sum)])
    }

    /// - Parameter implementation: nil where the operator's plain definition runs.
    mutating func describe(
        _ node: FusionGraph.Node, _ implementation: String?, operationCount: Int, precision: String? = nil
    ) {
        let own = dataType == .bfloat16 && implementation != nil ? "bfloat16" : "float32"
        layers.append(
            LayerDescription(
                name: node.name, operatorName: node.operation.name, fusedNodes: node.fused,
                implementation: implementation,
                precision: precision ?? own, outputShape: graph.shape(node.outputs.first ?? nil) ?? [],
                operationCount: operationCount))
    }
}

extension BinaryElementwise.Function {
    /// oneDNN's name of the function, where it has it.
    fileprivate var primitive: BinaryFunction? {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .power, .modulo, .remainder: nil
        }
    }
}

extension VariadicElementwise.Function {
    /// oneDNN's name of the function of two values, where it has it.
    fileprivate var primitive: BinaryFunction? {
        switch self {
        case .sum: .add
        case .maximum: .maximum
        case .minimum: .minimum
        case .mean: nil
        }
    }
}
