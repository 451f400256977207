import NeuralNetworks

/// A layout with the buffer that holds it.
struct TrainingOperand {
    var descriptor: MemoryDescriptor
    var buffer: TrainingMemory.Buffer
}

/// A oneDNN primitive that steps share.
final class SharedPrimitive {
    let primitive: Primitive

    init(_ descriptor: borrowing PrimitiveDescriptor) throws { primitive = try Primitive(descriptor) }
}

/// One thing to do while a network learns.
enum TrainingStep {
    typealias Argument = (role: ArgumentRole, operand: TrainingOperand)

    /// For each piece of the batch.
    case primitive(SharedPrimitive, [Argument])
    /// Our own code, for each piece of the batch.
    case kernel([TrainingMemory.Buffer], (_ memory: borrowing TrainingMemory, _ piece: Int) throws -> Void)
    /// Our own code, once all pieces have come here.
    case meeting([TrainingMemory.Buffer], (_ memory: borrowing TrainingMemory) -> Void)
    /// Our own code for so many parts of the work on all pieces, once they have come here.
    case parts([TrainingMemory.Buffer], count: Int, (_ memory: borrowing TrainingMemory, _ part: Int) -> Void)

    var buffers: [TrainingMemory.Buffer] {
        switch self {
        case .primitive(_, let arguments): arguments.map(\.operand.buffer)
        case .kernel(let buffers, _), .meeting(let buffers, _), .parts(let buffers, _, _): buffers
        }
    }
}

/// A primitive's memory objects for each piece of the batch.
final class TrainingBinding {
    private final class Held {
        let memory: Memory

        init(_ memory: consuming Memory) { self.memory = memory }
    }

    private let primitive: SharedPrimitive
    private let held: [Held]
    /// For each piece.
    private let arguments: [ExecutionArguments]
    private let count: Int

    init(
        _ primitive: SharedPrimitive, _ given: [TrainingStep.Argument], _ memory: borrowing TrainingMemory,
        _ engine: borrowing Processor
    ) throws {
        self.primitive = primitive
        count = given.count
        var held: [Held] = []
        var arguments: [ExecutionArguments] = []
        for piece in 0..<memory.pieces {
            var list = ExecutionArguments()
            for argument in given {
                let address = memory.address(argument.operand.buffer, piece: piece)
                held.append(Held(try Memory(argument.operand.descriptor, at: address, engine)))
                list.append(argument.role, held[held.count - 1].memory.handle)
            }
            arguments.append(list)
        }
        self.held = held
        self.arguments = arguments
    }

    func execute(_ piece: Int, _ stream: borrowing Stream) throws {
        try primitive.primitive.execute(stream, arguments[piece], inGroupsOf: count)
    }
}
