import NeuralNetworks

extension Lowering {
    /// Numbers rounded to those of a grid.
    ///
    /// - Returns: false where the operator's plain definition must do.
    mutating func lowerRounding(_ node: FusionGraph.Node, _ rounding: Rounding) throws(EngineError) -> Bool {
        guard let input = node.inputs[0], let output = node.outputs[0], let own = try operand(input),
            let source = try read(input, as: own.descriptor)
        else { return false }
        let written = try memory.destination(output, own.descriptor)
        let name = try round(source, rounding.grid, to: written)
        memory.place(output, written)
        describe(node, name, operationCount: own.descriptor.dimensions.reduce(1, *))
        return true
    }

    /// Divides by the scale, rounds, holds within limits and multiplies by it again, in one pass.
    ///
    /// - Returns: the implementation's name.
    @discardableResult
    mutating func round(_ source: Operand, _ grid: Grid, to destination: Operand) throws(EngineError) -> String {
        let layout = source.descriptor
        let isSplit = source.imageStride != nil
        let images = isSplit ? layout.dimensions[0] : 1
        let attributes = try Attributes([
            .activation(Activation(function: .round)),
            .activation(Activation(function: .clip, alpha: grid.steps.lowerBound, beta: grid.steps.upperBound)),
            .activation(Activation(function: .linear, alpha: grid.scale)),
        ])
        // As one row: oneDNN is slow for one number beside blocks of channels, what fills up a block stays 0.
        let row = try MemoryDescriptor(
            [images, layout.byteCount / layout.dataType.byteCount / images], layout.dataType)
        let one = try MemoryDescriptor([1, 1])
        let part = try isSplit ? row.image() : row
        guard let descriptor = try PrimitiveDescriptor.binary(.divide, part, one, attributes, engine) else {
            throw EngineError(.library, "oneDNN lacks a division by one number")
        }
        let scale = try constant([grid.scale], one, as: one)
        func flat(_ operand: Operand) -> Operand {
            Operand(descriptor: row, location: operand.location, imageStride: operand.imageStride)
        }
        try run(
            descriptor, [(.source, flat(source)), (.secondSource, scale), (.destination, flat(destination))],
            repetitions: images)
        return descriptor.implementation
    }
}
