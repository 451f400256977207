import NeuralNetworks

/// One thread's way through a part of a network, or that of all threads together: group by group.
final class Lane {
    private let part: NetworkPart
    private let arena: UnsafeMutableRawPointer
    private let stream: Stream
    /// For each step; nil where it is no primitive.
    private let bindings: [StepBinding?]
    /// How long each step took since somebody set it; nil where nobody asks.
    var stepTimes: [Duration]?
    private var failure: EngineError?

    /// - Parameter arena: room for the part's, which outlives the lane.
    init(_ part: NetworkPart, arena: UnsafeMutableRawPointer) throws(EngineError) {
        self.part = part
        self.arena = arena
        stream = try Stream(part.engine)
        var bindings: [StepBinding?] = []
        for step in part.steps {
            var binding: StepBinding?
            if case .primitive(let step) = step { binding = try StepBinding(step, part, arena: arena) }
            bindings.append(binding)
        }
        self.bindings = bindings
    }

    /// Runs a group of the batch. What goes wrong, ``check()`` throws.
    func execute(_ group: Int, _ batch: borrowing CallerMemory) {
        do throws(EngineError) { try executeSteps(batch.group(group, of: part)) } catch { failure = error }
    }

    /// Throws what went wrong since the last call.
    func check() throws(EngineError) {
        guard let failure else { return }
        self.failure = nil
        throw failure
    }

    private func executeSteps(_ caller: borrowing CallerMemory) throws(EngineError) {
        for index in part.steps.indices {
            let start = stepTimes == nil ? nil : ContinuousClock.now
            try execute(part.steps[index], bindings[index], caller)
            if let start { stepTimes?[index] += ContinuousClock.now - start }
        }
    }

    private func execute(
        _ step: Step, _ binding: StepBinding?, _ caller: borrowing CallerMemory
    ) throws(EngineError) {
        switch step {
        case .primitive: try binding?.execute(stream, caller)
        case .kernel(let step): step.execute { address($0, caller) }
        case .evaluation(let step): try evaluate(step, caller)
        case .copy(let source, let destination, let byteCount):
            if let from = address(source, caller), let to = address(destination, caller) {
                to.copyMemory(from: from, byteCount: byteCount)
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
        do {
            results = try step.operation.evaluate(inputs)
        } catch {
            throw EngineError(.graph, "\(step.node): \(error)")
        }
        for (result, operand) in zip(results, step.outputs) {
            if case .value(_, let location) = operand, let address = address(location, caller) {
                result.copyBytes(to: address)
            }
        }
    }

    private func address(_ location: Location, _ caller: borrowing CallerMemory) -> UnsafeMutableRawPointer? {
        switch location {
        case .arena(let buffer, let byteOffset): arena + part.bufferOffsets[buffer] + byteOffset
        case .constant(let index): part.constants[index].buffer.address
        case .input, .output: caller.address(location)
        }
    }
}
