import COneDNN
import NeuralNetworks

extension NetworkBuilder {
    mutating func lowerActivation(_ node: FusionGraph.Node, _ activation: Activation) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let source = try operand(input) else {
            return false
        }
        let name = try apply(activation, from: source, to: try elementwiseDestination(output, source), as: output)
        describe(node, name, operationCount: source.descriptor.dimensions.reduce(1, *))
        return true
    }

    /// Where a node that works element by element writes: over its input, where nobody else needs that.
    private mutating func elementwiseDestination(
        _ output: String, _ source: Operand
    ) throws(EngineError) -> Operand {
        if isSpent(source.location), try slice(for: output) == nil, !graph.outputs.contains(output) { return source }
        return try destination(output, source.descriptor, imagewise: true)
    }

    /// Replaces what lies at `operand` by its activation.
    mutating func apply(_ activation: Activation, to operand: Operand) throws(EngineError) {
        _ = try apply(activation, from: operand, to: operand, as: nil)
    }

    /// - Returns: the implementation's name.
    private mutating func apply(
        _ activation: Activation, from source: Operand, to destination: Operand, as value: String?
    ) throws(EngineError) -> String {
        let isSplit = source.imageStride != nil || destination.imageStride != nil
        let images = isSplit ? source.descriptor.dimensions[0] : 1
        var layout = (isSplit ? try source.descriptor.image() : source.descriptor).raw
        var operation = dnnl_eltwise_desc_t()
        try check(
            dnnl_eltwise_forward_desc_init(
                &operation, dnnl_forward_inference, activation.function.raw, &layout, activation.alpha, activation.beta),
            "eltwise_forward_desc_init")
        let attributes = try Attributes()
        guard let descriptor = try PrimitiveDescriptor.first(operation, attributes, engine) else {
            throw EngineError(.library, "oneDNN lacks an elementwise function")
        }
        try run(descriptor, [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, destination)], repetitions: images)
        if let value { place(value, destination) }
        return descriptor.implementation
    }

    /// Adds, multiplies etc. two values, the second of which may be broadcast to the first.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerBinary(_ node: FusionGraph.Node, _ algorithm: dnnl_alg_kind_t) throws(EngineError) -> Bool {
        guard node.inputs.count == 2, let output = node.outputs[0], let shape = graph.shape(output),
            var left = node.inputs[0], var right = node.inputs[1]
        else { return false }
        let commutes = [dnnl_binary_add, dnnl_binary_mul, dnnl_binary_max, dnnl_binary_min].contains(algorithm)
        if graph.shape(left) != shape || graph.constants[left] != nil, commutes { (left, right) = (right, left) }
        guard graph.shape(left) == shape, let broadcast = graph.shape(right), shape.rank > 0,
            let source = try operand(left)
        else { return false }
        let dense = try read(left, as: source.descriptor) ?? source
        guard let other = try broadcastOperand(right, broadcast, to: shape, like: source.descriptor) else {
            return false
        }
        var (first, second, result) = (dense.descriptor.raw, other.descriptor.raw, dense.descriptor.raw)
        var operation = dnnl_binary_desc_t()
        guard dnnl_binary_desc_init(&operation, algorithm, &first, &second, &result) == dnnl_success else {
            return false
        }
        let attributes = try Attributes(node.activation.map { [.activation($0)] } ?? [])
        guard let descriptor = try PrimitiveDescriptor.first(operation, attributes, engine) else { return false }
        let written = try destination(output, dense.descriptor)
        try run(descriptor, [(DNNL_ARG_SRC_0, dense), (DNNL_ARG_SRC_1, other), (DNNL_ARG_DST, written)])
        place(output, written)
        describe(node, descriptor.implementation, operationCount: shape.elementCount)
        return true
    }

    /// A value with as many axes as `shape`, in the layout of its partner where it has the partner's shape.
    private mutating func broadcastOperand(
        _ name: String, _ own: Shape, to shape: Shape, like partner: MemoryDescriptor
    ) throws(EngineError) -> Operand? {
        if own == shape { return try read(name, as: partner) }
        let plain = try MemoryDescriptor(own.dimensions, partner.dataType)
        guard let value = try read(name, as: plain) else { return nil }
        let padded = [Int](repeating: 1, count: shape.rank - own.rank) + own.dimensions
        return Operand(descriptor: try MemoryDescriptor(padded, partner.dataType), location: value.location)
    }
}
