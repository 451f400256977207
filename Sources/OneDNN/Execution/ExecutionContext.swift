import NeuralNetworks

/// One thread's room to run a compiled network in: the arena with all values between layers, and
/// everything that a run needs, so that it allocates nothing but for operators that oneDNN lacks.
///
/// Not safe to use from two threads at once; make one for each.
public final class ExecutionContext {
    public let network: CompiledNetwork
    private let arena: AlignedBuffer
    private let stream: Stream
    /// For each step of the network; nil where it is no primitive.
    private let bindings: [StepBinding?]
    /// Where tensors lie while the network runs on them, from the first such run on.
    private var staging: Staging?

    init(_ network: CompiledNetwork) throws(EngineError) {
        self.network = network
        arena = try AlignedBuffer(byteCount: network.arenaByteCount)
        stream = try Stream(network.engine)
        var bindings: [StepBinding?] = []
        for step in network.steps {
            var binding: StepBinding?
            if case .primitive(let step) = step { binding = try StepBinding(step, network, arena: arena.address) }
            bindings.append(binding)
        }
        self.bindings = bindings
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

    private func execute(_ caller: consuming CallerMemory) throws(EngineError) {
        Threads.use(network.threads)
        for group in 0..<network.groups {
            if group > 0 { caller.advance(network) }
            try executeSteps(caller)
        }
    }

    private func executeSteps(_ caller: borrowing CallerMemory) throws(EngineError) {
        for (step, binding) in zip(network.steps, bindings) {
            switch step {
            case .primitive: try binding?.execute(stream, caller)
            case .winograd(let step): step.execute { address($0, caller) }
            case .direct(let step): step.execute { address($0, caller) }
            case .evaluation(let step): try evaluate(step, caller)
            case .copy(let source, let destination, let byteCount):
                if let from = address(source, caller), let to = address(destination, caller) {
                    to.copyMemory(from: from, byteCount: byteCount)
                }
            }
        }
    }

    private func evaluate(_ step: EvaluationStep, _ caller: borrowing CallerMemory) throws(EngineError) {
        var inputs: [Tensor?] = []
        for operand in step.inputs {
            switch operand {
            case .constant(let tensor): inputs.append(tensor)
            case .value(let type, let location):
                inputs.append(address(location, caller).map { Tensor(type, copying: $0) })
            case nil: inputs.append(nil)
            }
        }
        let results: [Tensor]
        do throws(OperatorError) {
            results = try step.operation.evaluate(inputs)
        } catch {
            throw EngineError(.graph, "\(step.node): \(error.description)")
        }
        for (result, operand) in zip(results, step.outputs) {
            if case .value(_, let location) = operand, let address = address(location, caller) {
                result.copyBytes(to: address)
            }
        }
    }

    private func address(_ location: Location, _ caller: borrowing CallerMemory) -> UnsafeMutableRawPointer? {
        switch location {
        case .arena(let buffer, let byteOffset): arena.address + network.bufferOffsets[buffer] + byteOffset
        case .constant(let index): network.constants[index].buffer.address
        case .input, .output: caller.address(location)
        }
    }
}
