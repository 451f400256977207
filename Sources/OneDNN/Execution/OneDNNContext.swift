import NeuralNetworks

/// One thread's room to run a compiled network in: the arena with all values between layers, and
/// everything that a run needs, so that it allocates next to nothing but for operators that oneDNN lacks.
final class OneDNNContext: ExecutionContext {
    let network: any CompiledNetwork
    private let parts: [PartExecution]
    /// The values between parts, for the whole batch.
    private let joints: [AlignedMemory]
    private let threads: Int
    private let careful: LazyNetwork?
    /// From the first run on that was made again.
    private var carefulContext: (any ExecutionContext)?
    private let narrower: LazyNetwork?
    /// From the first run on for which there were not enough cores.
    private var narrowerContext: (any ExecutionContext)?
    private var cores: CoreWatch
    private var isTimed = false

    init(_ network: OneDNNNetwork) throws(EngineError) {
        self.network = network
        threads = network.threads
        careful = network.careful
        narrower = network.narrower
        cores = CoreWatch(threads: network.threads)
        let arena = try AlignedMemory(byteCount: network.parts.map { $0.lanes * $0.arenaByteCount }.reduce(0, max))
        var parts: [PartExecution] = []
        for part in network.parts { parts.append(try PartExecution(part, arena)) }
        var joints: [AlignedMemory] = []
        for part in network.parts.dropLast() { joints.append(try AlignedMemory(byteCount: part.outputByteCount)) }
        self.parts = parts
        self.joints = joints
    }

    func execute(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer]) throws(EngineError) {
        guard let narrower, !isTimed else { return try executeAtFullWidth(inputs, into: outputs) }
        if cores.areFree(ProcessorLoad.runnable) {
            try executeAtFullWidth(inputs, into: outputs)
            cores.note(ProcessorLoad.interruptions, at: .now)
        } else {
            let context = if let narrowerContext { narrowerContext } else { try narrower.makeContext() }
            narrowerContext = context
            try context.execute(inputs, into: outputs)
        }
    }

    private func executeAtFullWidth(
        _ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer]
    ) throws(EngineError) {
        guard let careful else { return try executeParts(inputs, into: outputs) }
        InvalidOperations.forget(threads: threads)
        try executeParts(inputs, into: outputs)
        guard InvalidOperations.happened(threads: threads) else { return }
        let context = if let carefulContext { carefulContext } else { try careful.makeContext() }
        carefulContext = context
        let answer = try context.run(zip(network.inputs, inputs).map { Tensor($0.type, copying: $1) })
        guard answer.contains(where: { $0.floats?.contains(where: \.isNaN) ?? false }) else { return }
        for (tensor, address) in zip(answer, outputs) { tensor.copyBytes(to: address) }
    }

    func layerTimes(of runs: () throws(EngineError) -> Void) throws(EngineError) -> [Duration] {
        for part in parts { part.startTiming() }
        isTimed = true
        defer {
            isTimed = false
            for part in parts { part.endTiming() }
        }
        try runs()
        return parts.flatMap(\.layerTimes)
    }

    private func executeParts(
        _ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer]
    ) throws(EngineError) {
        for (index, part) in parts.enumerated() {
            let isFirst = index == 0
            let isLast = index == parts.count - 1
            try part.execute(
                inputs: isFirst ? inputs : [UnsafeRawPointer(joints[index - 1].address)],
                outputs: isLast ? outputs : [joints[index].address])
        }
    }
}
