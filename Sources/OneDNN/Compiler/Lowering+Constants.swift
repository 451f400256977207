import NeuralNetworks

extension Lowering {
    /// Weights, stored in the layout that a primitive wants.
    mutating func constant<Element: BitwiseCopyable>(
        _ elements: [Element], _ plain: MemoryDescriptor, as wanted: MemoryDescriptor
    ) throws(EngineError) -> Operand {
        let index = try constants.store(elements, plain, as: wanted, engine)
        return Operand(descriptor: wanted, location: .constant(index), isBatch: false)
    }

    /// A list of numbers, such as biases.
    mutating func constant(_ elements: [Float]) throws(EngineError) -> Operand {
        let layout = try MemoryDescriptor([elements.count])
        return try constant(elements, layout, as: layout)
    }
}
