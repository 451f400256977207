import NeuralNetworks

/// An operator by its plain definition and chain rule: where oneDNN has none.
struct TrainedPlainly: TrainingLayer {
    private let node: Graph.Node
    private let operation: any DifferentiableOperator
    let output: String

    init?(_ node: Graph.Node) {
        guard let operation = node.operation as? any DifferentiableOperator, let output = node.outputs[0] else {
            return nil
        }
        self.node = node
        self.operation = operation
        self.output = output
    }

    /// What the operator reads, when a piece comes.
    private enum Source {
        case constant(Tensor)
        case value(TrainingMemory.Buffer, TensorType)

        func tensor(_ memory: borrowing TrainingMemory, _ piece: Int) -> Tensor {
            switch self {
            case .constant(let tensor): tensor
            case .value(let buffer, let type): Tensor(type, copying: memory.address(buffer, piece: piece))
            }
        }

        var buffer: TrainingMemory.Buffer? {
            if case .value(let buffer, _) = self { buffer } else { nil }
        }
    }

    private func source(_ name: String, _ builder: inout TrainingBuilder) throws -> Source {
        if let tensor = builder.constant(name) { return .constant(tensor) }
        guard let type = builder.graph.types[name], type.elementType == .float32 else {
            throw EngineError(.graph, "\(node.name) reads \(name), which is computed and no float32")
        }
        return .value(try builder.value(name, as: MemoryDescriptor(type.shape.dimensions)).buffer, type)
    }

    private func sources(_ builder: inout TrainingBuilder) throws -> [Source?] {
        var sources: [Source?] = []
        for name in node.inputs { sources.append(try name.map { name in try source(name, &builder) }) }
        return sources
    }

    func addForward(to builder: inout TrainingBuilder) throws {
        let sources = try sources(&builder)
        var places: [TrainingMemory.Buffer?] = []
        for name in node.outputs {
            guard let name, let shape = builder.shape(name) else {
                places.append(nil)
                continue
            }
            places.append(builder.place(name, try MemoryDescriptor(shape.dimensions)).buffer)
        }
        let operation = operation
        let name = node.name
        builder.add(
            .kernel(sources.compactMap { $0?.buffer } + places.compactMap(\.self)) { memory, piece in
                var inputs: [Tensor?] = []
                for source in sources { inputs.append(source?.tensor(memory, piece)) }
                let results: [Tensor]
                do { results = try operation.evaluate(inputs) } catch {
                    throw EngineError(.graph, "\(name): \(error)")
                }
                for (result, place) in zip(results, places) {
                    if let place { result.copyBytes(to: memory.address(place, piece: piece)) }
                }
            })
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        let sources = try sources(&builder)
        let type = builder.graph.types[output] ?? TensorType(elementType: .float32, shape: [])
        let answer = Source.value(
            try builder.value(output, as: MemoryDescriptor(type.shape.dimensions)).buffer, type)
        let given = Source.value(
            try builder.copied(gradient, as: MemoryDescriptor(type.shape.dimensions)).buffer, type)
        var places: [TrainingMemory.Buffer?] = []
        for name in node.inputs {
            guard let name, builder.learns(name), let shape = builder.shape(name) else {
                places.append(nil)
                continue
            }
            let place = builder.operand(try MemoryDescriptor(shape.dimensions))
            places.append(place.buffer)
            if builder.parameters.contains(name) {
                builder.note(place, asGradientOf: name)
            } else {
                builder.addGradient(place, of: name)
            }
        }
        let operation = operation
        let name = node.name
        let read = (sources + [answer, given]).compactMap { $0?.buffer }
        builder.add(
            .kernel(read + places.compactMap(\.self)) { memory, piece in
                var inputs: [Tensor?] = []
                for source in sources { inputs.append(source?.tensor(memory, piece)) }
                let shares: [Tensor?]
                do {
                    shares = try operation.gradients(
                        of: inputs, output: answer.tensor(memory, piece), from: given.tensor(memory, piece))
                } catch { throw EngineError(.graph, "\(name): \(error)") }
                for (share, place) in zip(shares, places) {
                    if let place, let share { share.copyBytes(to: memory.address(place, piece: piece)) }
                }
            })
    }
}
