import NeuralNetworks

/// A primitive step's memory objects in one context, ready to be executed.
final class StepBinding {
    /// A memory object of this context.
    private final class Binding {
        let memory: Memory

        init(_ memory: consuming Memory) { self.memory = memory }
    }

    /// A memory object that moves to where the caller's tensor is.
    private struct External {
        let binding: Binding
        let location: Location
        let byteOffset: Int
    }

    private let step: PrimitiveStep
    private let bindings: [Binding]
    private let externals: [External]
    /// For each repetition, one entry for each argument.
    private let arguments: ExecutionArguments

    init(_ step: PrimitiveStep, _ part: NetworkPart, arena: UnsafeMutableRawPointer) throws(EngineError) {
        self.step = step
        var bindings: [Binding] = []
        var externals: [External] = []
        var arguments = ExecutionArguments()
        for repetition in 0..<step.repetitions {
            for argument in step.arguments {
                let offset = repetition * argument.stride
                var address: UnsafeMutableRawPointer?
                switch argument.location {
                case .constant(let index):
                    let constant = part.constants[index]
                    if let handle = constant.handle, argument.stride == 0 {
                        arguments.append(argument.role, handle)
                        continue
                    }
                    address = constant.buffer.address + offset
                case .arena(let buffer, let byteOffset):
                    address = arena + part.bufferOffsets[buffer] + byteOffset + offset
                case .input, .output: break
                }
                let binding = Binding(try Memory(argument.descriptor, at: address, part.engine))
                if address == nil {
                    externals.append(External(binding: binding, location: argument.location, byteOffset: offset))
                }
                bindings.append(binding)
                arguments.append(argument.role, binding.memory.handle)
            }
        }
        self.bindings = bindings
        self.externals = externals
        self.arguments = arguments
    }

    /// Runs all repetitions.
    func execute(_ stream: borrowing Stream, _ caller: borrowing CallerMemory) throws(EngineError) {
        for external in externals {
            guard let address = caller.address(external.location) else { continue }
            try external.binding.memory.move(to: address + external.byteOffset)
        }
        try step.primitive.execute(stream, arguments, inGroupsOf: step.arguments.count)
    }
}

/// Where the caller of one run has its tensors, by port.
struct CallerMemory: ~Copyable {
    let inputs: [UnsafeRawPointer]
    let outputs: [UnsafeMutableRawPointer]

    /// Where those of a group of images are.
    func group(_ group: Int, of part: NetworkPart) -> CallerMemory {
        CallerMemory(
            inputs: zip(inputs, part.inputByteCounts).map { $0 + group * $1 },
            outputs: zip(outputs, part.outputByteCounts).map { $0 + group * $1 })
    }

    func address(_ location: Location) -> UnsafeMutableRawPointer? {
        switch location {
        // oneDNN takes only mutable addresses, also of what it reads.
        case .input(let port): UnsafeMutableRawPointer(mutating: inputs[port])
        case .output(let port): outputs[port]
        case .arena, .constant: nil
        }
    }
}
