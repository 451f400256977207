import NeuralNetworks
import Synchronization

/// A network that learns by oneDNN, for batches of one shape.
final class OneDNNTrainableNetwork: TrainableNetwork {
    let inputs: [NetworkPort]
    let outputs: [NetworkPort]
    private let training: TrainingGraph
    private let engine: Processor
    private let memory: TrainingMemory
    private let threads: Int

    /// What lays out the weights, what goes forwards, what goes back, and what lays out the gradients.
    private let preparations, forward, back, conclusions: [TrainingAction]
    /// Where the caller's tensors go, and the network's own come from; for each port.
    private let entrances, exits, seeds: [TrainingMemory.Buffer?]
    private let parameters: [TrainingMemory.Buffer?]
    private let gradients: [Gradient]

    /// A parameter's: of each layer that reads it, where each piece's lies and where the sum is, row-major.
    private struct Gradient {
        /// With the copy that lays the sum out, where it lies otherwise.
        let shares: [(buffer: TrainingMemory.Buffer, count: Int, conclusion: Int?, plain: TrainingMemory.Buffer)]
        let type: TensorType
    }

    init(_ training: TrainingGraph, precision: Precision, threads: Int) throws {
        precondition(threads > 0, "a network learns on at least one thread")
        Threads.use(1)
        self.training = training
        self.threads = threads
        inputs = training.ports(training.graph.inputs)
        outputs = training.ports(training.graph.outputs)
        let pieces = try TrainingPieces(training)
        var builder = try TrainingBuilder(
            pieces.graph, parameters: training.parameters, learning: training.valuesOfParameters(),
            pieces: pieces.count, precision: precision)
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
            var shares: [(TrainingMemory.Buffer, Int, Int?, TrainingMemory.Buffer)] = []
            for share in builder.gradients[name] ?? [] {
                let count = share.operand.descriptor.byteCount / 4
                if share.operand.descriptor == share.plain,
                    share.plain.byteCount == builder.graph.types[name]?.byteCount
                {
                    shares.append((share.operand.buffer, count, nil, share.operand.buffer))
                    continue
                }
                let plain = builder.operand(share.plain, isShared: true)
                shares.append((share.operand.buffer, count, conclusions.count, plain.buffer))
                conclusions.append((share.operand, plain))
            }
            let type = builder.graph.types[name] ?? TensorType(elementType: .float32, shape: [])
            gradients.append(Gradient(shares: shares, type: type))
        }
        let parameters = training.parameters.map { builder.tensors[$0] }
        // The caller's gradients come before the first step back, whichever step reads them.
        var used = builder.steps.map(\.buffers)
        used.insert(seeds.compactMap(\.self), at: forwardCount)
        let kept = gradients.flatMap(\.shares).map(\.buffer) + exits.compactMap(\.self)
        let memory = try builder.plan.memory(
            steps: [entrances.compactMap(\.self)] + used, kept: kept, pieces: pieces.count)
        for zero in builder.zeros { memory.floats(zero.buffer).update(repeating: 0, count: zero.count) }
        for (name, buffer) in builder.tensors {
            builder.constant(name)?.copyBytes(to: memory.address(buffer, piece: 0))
        }
        var actions: [TrainingAction] = []
        for step in builder.steps { actions.append(try TrainingAction(step, memory, builder.engine)) }
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

    private static func copies(
        _ copies: [(from: TrainingOperand, to: TrainingOperand)], _ memory: borrowing TrainingMemory,
        _ engine: borrowing Processor
    ) throws -> [TrainingAction] {
        var actions: [TrainingAction] = []
        for copy in copies {
            guard
                let reorder = try PrimitiveDescriptor.reorder(
                    from: copy.from.descriptor, to: copy.to.descriptor, engine)
            else { throw EngineError(.library, "oneDNN has no copy between two layouts of weights") }
            let step = TrainingStep.primitive(
                try SharedPrimitive(reorder), [(.source, copy.from), (.destination, copy.to)])
            actions.append(try TrainingAction(step, memory, engine))
        }
        return actions
    }

    func forward(_ inputs: [Tensor], parameters: [Tensor]) throws -> [Tensor] {
        try run(parameters.count) { index, _ in
            if let buffer = self.parameters[index] {
                parameters[index].copyBytes(to: self.memory.address(buffer, piece: 0))
            }
        }
        for (buffer, tensor) in zip(entrances, inputs) { scatter(tensor, to: buffer) }
        try run(preparations.count) { index, stream in try self.run(self.preparations[index], 0, stream) }
        try run(forward)
        return zip(exits, outputs).map { gather($0, $1.type) }
    }

    func backward(from gradients: [Tensor]) throws -> [Tensor] {
        for (buffer, tensor) in zip(seeds, gradients) { scatter(tensor, to: buffer) }
        try run(back)
        let results = Mutex([Tensor?](repeating: nil, count: self.gradients.count))
        try run(self.gradients.count) { index, stream in
            let sum = try self.sum(of: self.gradients[index], stream)
            results.withLock { $0[index] = sum }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    /// All pieces' gradients of a parameter.
    private func sum(of gradient: Gradient, _ stream: borrowing Stream) throws -> Tensor {
        for share in gradient.shares {
            let sum = memory.floats(share.buffer)
            if !share.buffer.isOfAllPieces {
                for piece in 1..<max(memory.pieces, 1) {
                    let summand = memory.floats(share.buffer, piece: piece)
                    for element in 0..<share.count { sum[element] += summand[element] }
                }
            }
            if let conclusion = share.conclusion { try run(conclusions[conclusion], 0, stream) }
        }
        let count = gradient.type.shape.elementCount
        guard let first = gradient.shares.first else {
            return Tensor(shape: gradient.type.shape, [Float](repeating: 0, count: count))
        }
        var sum = [Float](UnsafeBufferPointer(start: memory.floats(first.plain), count: count))
        for share in gradient.shares.dropFirst() {
            let plain = memory.floats(share.plain)
            for element in sum.indices { sum[element] += plain[element] }
        }
        return Tensor(shape: gradient.type.shape, sum)
    }

    // MARK: Pieces

    /// Runs steps for all pieces: each takes as many as it can without the others.
    private func run(_ actions: [TrainingAction]) throws {
        var first = 0
        while first < actions.count {
            let end = actions[first...].firstIndex(where: \.isForAll) ?? actions.count
            let stretch = first..<end
            if !stretch.isEmpty {
                try run(memory.pieces) { piece, stream in
                    for index in stretch { try self.run(actions[index], piece, stream) }
                }
            }
            if end < actions.count {
                switch actions[end] {
                case .meeting(let body): body(memory)
                case .parts(let count, let body): try run(count) { part, _ in body(self.memory, part) }
                case .primitive, .kernel: break
                }
            }
            first = end + 1
        }
    }

    private func run(_ action: TrainingAction, _ piece: Int, _ stream: borrowing Stream) throws {
        switch action {
        case .primitive(let binding): try binding.execute(piece, stream)
        case .kernel(let body): try body(memory, piece)
        case .meeting, .parts: break
        }
    }

    /// Calls `body` once for each index, on all threads: one that is held up by others takes fewer.
    private func run(
        _ count: Int, _ body: (_ index: Int, _ stream: borrowing Stream) throws -> Void
    ) throws {
        Threads.use(1)
        let failures = FirstFailure()
        let next = Atomic(0)
        withoutActuallyEscaping(body) { body in
            Threads.perform(min(threads, max(count, 1))) { _, _ in
                do {
                    let stream = try Stream(self.engine)
                    while true {
                        let index = next.add(1, ordering: .relaxed).oldValue
                        guard index < count else { return }
                        try body(index, stream)
                    }
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
