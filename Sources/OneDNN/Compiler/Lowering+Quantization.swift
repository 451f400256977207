import NeuralNetworks

extension Lowering {
    /// Numbers divided by a scale, rounded, held within limits and multiplied by it again, in one pass.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerRounding(_ node: FusionGraph.Node, _ rounding: Rounding) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let own = try operand(input) else {
            return false
        }
        let layout = own.descriptor
        let attributes = try Attributes([
            .activation(Activation(function: .round)),
            .activation(
                Activation(function: .clip, alpha: rounding.steps.lowerBound, beta: rounding.steps.upperBound)),
            .activation(Activation(function: .linear, alpha: rounding.scale)),
        ])
        // As one row: oneDNN is slow for one number beside blocks of channels, what fills up a block stays 0.
        let row = try MemoryDescriptor([1, layout.byteCount / layout.dataType.byteCount], layout.dataType)
        let one = try MemoryDescriptor([1, 1])
        guard let descriptor = try PrimitiveDescriptor.binary(.divide, row, one, attributes, engine),
            let source = try read(input, as: layout)
        else { return false }
        let scale = try constant([rounding.scale], one, as: one)
        let written = try memory.destination(output, layout)
        try run(
            descriptor,
            [
                (.source, Operand(descriptor: row, location: source.location)), (.secondSource, scale),
                (.destination, Operand(descriptor: row, location: written.location)),
            ])
        memory.place(output, written)
        describe(node, descriptor.implementation, operationCount: layout.dimensions.reduce(1, *))
        return true
    }
}
