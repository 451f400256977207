import NeuralNetworks

extension ExecutionContext {
    /// Tensors by name, as the reference takes and gives them.
    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        let results = try run(network.inputs.compactMap { inputs[$0.name] })
        return Dictionary(uniqueKeysWithValues: zip(network.outputs.map(\.name), results))
    }
}

extension CompiledNetwork {
    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] { try makeContext().run(inputs) }
}
