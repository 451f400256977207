import NeuralNetworks

/// A network that learns by oneDNN, for batches of one shape.
final class OneDNNTrainableNetwork: TrainableNetwork {
    let inputs: [NetworkPort]
    let outputs: [NetworkPort]
    private let training: TrainingGraph
    private let engine: Processor
    private let memory: TrainingMemory
    private let threads: Int

    /// What lays out the weights, what goes forwards, what goes back, and what lays out the gradients.
    private let preparations, forward, back, conclusions: [Action]
    /// Where the caller's tensors go, and the network's own come from; for each port.
    private let entrances, exits, seeds: [TrainingMemory.Buffer?]
    private let parameters: [TrainingMemory.Buffer?]
    private let gradients: [Gradient]

    /// A step, ready to run.
    private enum Action {
        case primitive(TrainingBinding)
        case kernel((_ memory: borrowing TrainingMemory, _ piece: Int) throws -> Void)
        case meeting((_ memory: borrowing TrainingMemory) -> Void)
    }

    /// A parameter's: of each layer that reads it, where each piece's lies and where the sum is, row-major.
    private struct Gradient {
        let shares: [(buffer: TrainingMemory.Buffer, count: Int, conclusion: Int, plain: TrainingMemory.Buffer)]
        let type: TensorType
    }

    init(_ training: TrainingGraph, threads: Int) throws {
        precondition(threads > 0, "a network learns on at least one thread")
        Threads.use(1)
        self.training = training
        self.threads = threads
        inputs = training.ports(training.graph.inputs)
        outputs = training.ports(training.graph.outputs)
        let pieces = try TrainingPieces(training)
        var builder = try TrainingBuilder(
            pieces.graph, parameters: training.parameters, learning: training.valuesOfParameters(), pieces: pieces.count
        )
        var entrances: [TrainingMemory.Buffer?] = []
        for port in training.graph.inputs {
            let shape = builder.shape(port.name) ?? []
            entrances.append(builder.place(port.name, try MemoryDescriptor(shape.dimensions)).buffer)
        }
        let layers = try builder.addForward(training.graph.outputs.map(\.name))
        var exits: [TrainingMemory.Buffer?] = []
        for port in training.graph.outputs {
            let shape = builder.shape(port.name) ?? []
            exits.append(try builder.value(port.name, as: MemoryDescriptor(shape.dimensions)).buffer)
        }
        let forwardCount = builder.steps.count
        var seeds: [TrainingMemory.Buffer?] = []
        for port in training.graph.outputs.prefix(training.answerCount) {
            let seed = builder.operand(try MemoryDescriptor((builder.shape(port.name) ?? []).dimensions))
            builder.addGradient(seed, of: port.name)
            seeds.append(seed.buffer)
        }
        for layer in layers.reversed() where builder.learns(layer.output) {
            guard let gradient = try builder.gradient(of: layer.output) else { continue }
            try layer.addBackward(from: gradient, to: &builder)
        }
        var gradients: [Gradient] = []
        var conclusions: [(from: TrainingOperand, to: TrainingOperand)] = []
        for name in training.parameters {
            var shares: [(TrainingMemory.Buffer, Int, Int, TrainingMemory.Buffer)] = []
            for share in builder.gradients[name] ?? [] {
                let plain = builder.operand(share.plain, isShared: true)
                shares.append(
                    (share.operand.buffer, share.operand.descriptor.byteCount / 4, conclusions.count, plain.buffer))
                conclusions.append((share.operand, plain))
            }
            let type = builder.graph.types[name] ?? TensorType(elementType: .float32, shape: [])
            gradients.append(Gradient(shares: shares, type: type))
        }
        let parameters = training.parameters.map { builder.tensors[$0] }
        let used = builder.steps.map(\.buffers)
        let kept = conclusions.map(\.from.buffer) + exits.compactMap(\.self)
        let memory = try builder.plan.memory(
            steps: [entrances.compactMap(\.self)] + used, kept: kept + seeds.compactMap(\.self), pieces: pieces.count)
        for zero in builder.zeros { memory.floats(zero.buffer).update(repeating: 0, count: zero.count) }
        for (name, buffer) in builder.tensors {
            builder.constant(name)?.copyBytes(to: memory.address(buffer, piece: 0))
        }
        var actions: [Action] = []
        for step in builder.steps { actions.append(try Self.action(step, memory, builder.engine)) }
        forward = Array(actions.prefix(forwardCount))
        back = Array(actions.dropFirst(forwardCount))
        preparations = try Self.copies(builder.preparations, memory, builder.engine)
        self.conclusions = try Self.copies(conclusions, memory, builder.engine)
        self.entrances = entrances
        self.exits = exits
        self.seeds = seeds
        self.parameters = parameters
        self.gradients = gradients
        self.memory = memory
        engine = builder.engine
    }

    private static func action(
        _ step: TrainingStep, _ memory: borrowing TrainingMemory, _ engine: borrowing Processor
    ) throws -> Action {
        switch step {
        case .primitive(let primitive, let arguments):
            .primitive(try TrainingBinding(primitive, arguments, memory, engine))
        case .kernel(_, let body): .kernel(body)
        case .meeting(_, let body): .meeting(body)
        }
    }

    private static func copies(
        _ copies: [(from: TrainingOperand, to: TrainingOperand)], _ memory: borrowing TrainingMemory,
        _ engine: borrowing Processor
    ) throws -> [Action] {
        var actions: [Action] = []
        for copy in copies {
            guard
                let reorder = try PrimitiveDescriptor.reorder(
                    from: copy.from.descriptor, to: copy.to.descriptor, engine)
            else { throw EngineError(.library, "oneDNN has no copy between two layouts of weights") }
            let step = TrainingStep.primitive(
                try SharedPrimitive(reorder), [(.source, copy.from), (.destination, copy.to)])
            actions.append(try action(step, memory, engine))
        }
        return actions
    }

    func forward(_ inputs: [Tensor], parameters: [Tensor]) throws -> [Tensor] {
        for (buffer, tensor) in zip(self.parameters, parameters) {
            if let buffer { tensor.copyBytes(to: memory.address(buffer, piece: 0)) }
        }
        for (buffer, tensor) in zip(entrances, inputs) { scatter(tensor, to: buffer) }
        try run(preparations.count) { index, stream in try self.run(self.preparations[index], 0, stream) }
        try run(forward)
        return zip(exits, outputs).map { gather($0, $1.type) }
    }

    func backward(from gradients: [Tensor]) throws -> [Tensor] {
        for (buffer, tensor) in zip(seeds, gradients) { scatter(tensor, to: buffer) }
        try run(back)
        try run(self.gradients.count) { index, stream in
            for share in self.gradients[index].shares {
                let sum = self.memory.floats(share.buffer)
                for piece in 1..<max(self.memory.pieces, 1) {
                    let summand = self.memory.floats(share.buffer, piece: piece)
                    for element in 0..<share.count { sum[element] += summand[element] }
                }
                try self.run(self.conclusions[share.conclusion], 0, stream)
            }
        }
        return self.gradients.map { gradient in
            var sum = [Float](repeating: 0, count: gradient.type.shape.elementCount)
            for share in gradient.shares {
                let plain = memory.floats(share.plain)
                for element in sum.indices { sum[element] += plain[element] }
            }
            return Tensor(shape: gradient.type.shape, sum)
        }
    }

    // MARK: Pieces

    /// Runs steps for all pieces: each takes as many as it can without the others.
    private func run(_ actions: [Action]) throws {
        var first = 0
        while first < actions.count {
            if case .meeting(let body) = actions[first] {
                body(memory)
                first += 1
                continue
            }
            var end = first
            while end < actions.count {
                if case .meeting = actions[end] { break }
                end += 1
            }
            let stretch = first..<end
            try run(memory.pieces) { piece, stream in
                for index in stretch { try self.run(actions[index], piece, stream) }
            }
            first = end
        }
    }

    private func run(_ action: Action, _ piece: Int, _ stream: borrowing Stream) throws {
        switch action {
        case .primitive(let binding): try binding.execute(piece, stream)
        case .kernel(let body): try body(memory, piece)
        case .meeting(let body): body(memory)
        }
    }

    /// Calls `body` once for each index, on all threads.
    private func run(
        _ count: Int, _ body: (_ index: Int, _ stream: borrowing Stream) throws -> Void
    ) throws {
        Threads.use(1)
        let failures = FirstFailure()
        withoutActuallyEscaping(body) { body in
            Threads.perform(min(threads, max(count, 1))) { thread, threads in
                do {
                    let stream = try Stream(self.engine)
                    for index in Swift.stride(from: thread, to: count, by: threads) { try body(index, stream) }
                } catch { failures.note(error) }
            }
        }
        try failures.check()
    }

    private func scatter(_ tensor: Tensor, to buffer: TrainingMemory.Buffer?) {
        guard let buffer, let elements = tensor.floats else { return }
        let share = elements.count / memory.pieces
        elements.withUnsafeBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            for piece in 0..<memory.pieces {
                memory.floats(buffer, piece: piece).update(from: base + piece * share, count: share)
            }
        }
    }

    private func gather(_ buffer: TrainingMemory.Buffer?, _ type: TensorType) -> Tensor {
        guard let buffer else {
            return Tensor(shape: type.shape, [Float](repeating: 0, count: type.shape.elementCount))
        }
        let pieces = buffer.isOfAllPieces ? 1 : memory.pieces
        let share = type.shape.elementCount / pieces
        var elements: [Float] = []
        elements.reserveCapacity(type.shape.elementCount)
        for piece in 0..<pieces {
            elements += UnsafeBufferPointer(start: memory.floats(buffer, piece: piece), count: share)
        }
        return Tensor(shape: type.shape, elements)
    }
}
