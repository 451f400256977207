import NeuralNetworks

/// A network's weights in the layouts that its primitives want; written while the network is compiled,
/// then only read.
struct ConstantStore {
    /// One tensor, and oneDNN's view of it.
    final class Constant {
        let buffer: AlignedBuffer
        /// oneDNN's memory object; nil for elements that no primitive reads.
        let handle: MemoryHandle?
        private let memory: Memory?

        init(
            byteCount: Int, _ descriptor: MemoryDescriptor?, _ engine: borrowing Processor
        ) throws(EngineError) {
            buffer = try AlignedBuffer(byteCount: byteCount)
            guard let descriptor else {
                handle = nil
                memory = nil
                return
            }
            let memory = try Memory(descriptor, at: buffer.address, engine)
            handle = memory.handle
            self.memory = consume memory
        }
    }

    private(set) var constants: [Constant] = []

    var byteCount: Int { constants.reduce(0) { $0 + $1.buffer.byteCount } }

    /// Stores `elements`, which lie as `source` says, as `destination` says.
    ///
    /// - Returns: the constant's index.
    mutating func store<Element: BitwiseCopyable>(
        _ elements: [Element], _ source: MemoryDescriptor, as destination: MemoryDescriptor,
        _ engine: borrowing Processor
    ) throws(EngineError) -> Int {
        precondition(
            elements.count * MemoryLayout<Element>.size == source.byteCount, "elements do not fit their layout")
        guard let descriptor = try PrimitiveDescriptor.reorder(from: source, to: destination, engine) else {
            throw EngineError(.library, "oneDNN cannot bring weights into the layout that it asked for")
        }
        let constant = try Constant(byteCount: destination.byteCount, destination, engine)
        let scratchpad = try Constant(byteCount: descriptor.scratchpad.byteCount, descriptor.scratchpad, engine)
        let plain = try Memory(source, at: nil, engine)
        var arguments = ExecutionArguments()
        arguments.append(.source, plain.handle)
        for (role, handle) in [(ArgumentRole.destination, constant.handle), (.scratchpad, scratchpad.handle)] {
            if let handle { arguments.append(role, handle) }
        }
        let stream = try Stream(engine)
        let primitive = try Primitive(descriptor)
        try elements.span.withUnsafeBytes { (bytes) throws(EngineError) in
            // oneDNN takes only mutable addresses, also of what it reads.
            guard let address = bytes.baseAddress else { return }
            try plain.move(to: UnsafeMutableRawPointer(mutating: address))
            try primitive.execute(stream, arguments, inGroupsOf: 3)
        }
        constants.append(constant)
        return constants.count - 1
    }

    /// Stores what `write` puts there, which no primitive reads.
    mutating func store(
        byteCount: Int, _ engine: borrowing Processor, _ write: (UnsafeMutableRawPointer) -> Void
    ) throws(EngineError) -> Int {
        let constant = try Constant(byteCount: byteCount, nil, engine)
        write(constant.buffer.address)
        constants.append(constant)
        return constants.count - 1
    }

    /// Stores the bytes of a tensor as they are.
    mutating func store(_ tensor: Tensor, _ engine: borrowing Processor) throws(EngineError) -> Int {
        try store(byteCount: tensor.byteCount, engine) { tensor.copyBytes(to: $0) }
    }
}
