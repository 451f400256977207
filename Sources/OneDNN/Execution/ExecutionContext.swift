import NeuralNetworks

/// One thread's room to run a compiled network in: the arena with all values between layers, and
/// everything that a run needs, so that it allocates nothing but for operators that oneDNN lacks.
///
/// Not safe to use from two threads at once; make one for each.
public final class ExecutionContext {
    public let network: CompiledNetwork
    private let parts: [PartExecution]
    /// The values between parts, for the whole batch.
    private let joints: [AlignedMemory]
    /// Where tensors lie while the network runs on them, from the first such run on.
    private var staging: Staging?

    init(_ network: CompiledNetwork) throws(EngineError) {
        self.network = network
        let arena = try AlignedMemory(byteCount: network.parts.map { $0.lanes * $0.arenaByteCount }.reduce(0, max))
        var parts: [PartExecution] = []
        for part in network.parts { parts.append(try PartExecution(part, arena)) }
        var joints: [AlignedMemory] = []
        for part in network.parts.dropLast() { joints.append(try AlignedMemory(byteCount: part.outputByteCount)) }
        self.parts = parts
        self.joints = joints
    }

    /// Runs a network of one input and one output, both `float32`, in row-major order: `[N, C, H, W]` for images.
    ///
    /// - Throws: ``EngineError`` where the network has other ports, or the spans other lengths.
    public func run(_ input: Span<Float>, into output: inout MutableSpan<Float>) throws(EngineError) {
        guard network.inputs.count == 1, network.outputs.count == 1,
            let from = network.inputs.first?.type, let to = network.outputs.first?.type,
            from.elementType == .float32, to.elementType == .float32
        else { throw EngineError(.graph, "the network does not have one float32 input and one float32 output") }
        guard input.count == from.shape.elementCount, output.count == to.shape.elementCount else {
            throw EngineError(
                .graph, "\(input.count) and \(output.count) elements do not fit \(from.shape) and \(to.shape)")
        }
        var failure: EngineError?
        input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                // A span without elements has no address, and a network without elements reads none.
                guard let input = input.baseAddress, let output = output.baseAddress else { return }
                do throws(EngineError) {
                    try execute(CallerMemory(inputs: [input], outputs: [output]))
                } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    /// Runs the network on tensors by name.
    ///
    /// - Throws: ``EngineError`` naming a tensor that is missing or has another type than the network was
    ///   compiled for.
    public func run(_ inputs: [String: Tensor]) throws(EngineError) -> [String: Tensor] {
        let staging = if let staging { staging } else { try Staging(network) }
        self.staging = staging
        for (port, address) in zip(network.inputs, staging.inputs) {
            guard let tensor = inputs[port.name], tensor.type == port.type else {
                let found = inputs[port.name]?.type.description ?? "nothing"
                throw EngineError(.graph, "\(port.name) takes \(port.type), not \(found)")
            }
            tensor.copyBytes(to: address)
        }
        try execute(
            CallerMemory(inputs: staging.inputs.map { UnsafeRawPointer($0) }, outputs: staging.outputs))
        var outputs: [String: Tensor] = [:]
        for (port, address) in zip(network.outputs, staging.outputs) {
            outputs[port.name] = Tensor(port.type, copying: address)
        }
        return outputs
    }

    private func execute(_ caller: borrowing CallerMemory) throws(EngineError) {
        for (index, part) in parts.enumerated() {
            let inputs = index == 0 ? caller.inputs : [UnsafeRawPointer(joints[index - 1].address)]
            let outputs = index == parts.count - 1 ? caller.outputs : [joints[index].address]
            try part.execute(inputs: inputs, outputs: outputs)
        }
    }
}
