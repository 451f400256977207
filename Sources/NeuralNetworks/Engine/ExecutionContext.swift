/// One thread's room to run a ``CompiledNetwork`` in. Make one for each thread, and use it for many runs.
public protocol ExecutionContext: AnyObject {
    var network: any CompiledNetwork { get }

    /// Runs the network once where the caller has its tensors: what an engine fills in. Call ``run(_:into:)``, which
    /// checks what it is given.
    ///
    /// - Parameters:
    ///   - inputs: where the elements of each of the network's inputs are, in their order, row-major.
    ///   - outputs: where those of each of its outputs shall be.
    func execute(_ inputs: [UnsafeRawPointer], into outputs: [UnsafeMutableRawPointer]) throws(EngineError)

    /// Looks at the clock between the layers of the runs that `runs` makes. Call ``layerTimes(of:for:)``.
    ///
    /// - Returns: for each of the network's layers, how long all threads together worked on it.
    func layerTimes(of runs: () throws(EngineError) -> Void) throws(EngineError) -> [Duration]
}

extension ExecutionContext {
    /// Runs a network of one input and one output, both `float32`, in row-major order: `[N, C, H, W]` for images.
    /// Nothing is copied.
    ///
    /// - Throws: ``EngineError`` where the network has other ports, or the spans other lengths.
    public func run(_ input: Span<Float>, into output: inout MutableSpan<Float>) throws(EngineError) {
        let (inputs, outputs) = (network.inputs, network.outputs)
        guard inputs.count == 1, outputs.count == 1, inputs[0].type.elementType == .float32,
            outputs[0].type.elementType == .float32
        else { throw EngineError(.graph, "the network does not have one float32 input and one float32 output") }
        let (from, to) = (inputs[0].type.shape, outputs[0].type.shape)
        guard input.count == from.elementCount, output.count == to.elementCount else {
            throw EngineError(.graph, "\(input.count) and \(output.count) elements do not fit \(from) and \(to)")
        }
        var failure: EngineError?
        input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                // A span without elements has no address, and a network without elements reads none.
                guard let input = input.baseAddress, let output = output.baseAddress else { return }
                do throws(EngineError) { try execute([input], into: [output]) } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    /// Runs a network of any inputs and outputs, in their order. Nothing is copied: the results replace what is in
    /// `outputs`.
    ///
    /// - Parameter outputs: from an earlier run, or ``CompiledNetwork/makeOutputs()``.
    /// - Throws: ``EngineError`` naming a tensor that has another type than the network was compiled for.
    public func run(_ inputs: [Tensor], into outputs: inout [Tensor]) throws(EngineError) {
        try check(inputs, network.inputs)
        try check(outputs, network.outputs)
        var failure: EngineError?
        Tensor.withAddresses(of: inputs[...]) { inputs in
            Tensor.withMutableAddresses(of: &outputs) { outputs in
                do throws(EngineError) { try execute(inputs, into: outputs) } catch { failure = error }
            }
        }
        if let failure { throw failure }
    }

    /// How long each of the network's layers takes: the least of all runs, because whatever else a machine does only makes
    /// them longer.
    ///
    /// - Parameter time: to go on for, after a run that warms up; there are three runs at least.
    public func layerTimes(of inputs: [Tensor], for time: Duration) throws(EngineError) -> [Duration] {
        var outputs = try run(inputs)
        let end = ContinuousClock.now + time
        var (least, runs) = ([Duration](), 0)
        while runs < 3 || ContinuousClock.now < end {
            let times = try layerTimes { () throws(EngineError) in try run(inputs, into: &outputs) }
            least = runs == 0 ? times : zip(least, times).map(min)
            runs += 1
        }
        return least
    }

    /// The same into new tensors.
    public func run(_ inputs: [Tensor]) throws(EngineError) -> [Tensor] {
        var outputs = network.makeOutputs()
        try run(inputs, into: &outputs)
        return outputs
    }

    private func check(_ tensors: [Tensor], _ ports: [NetworkPort]) throws(EngineError) {
        guard tensors.count == ports.count else {
            throw EngineError(.graph, "\(tensors.count) tensors do not fit \(ports.count) ports")
        }
        for (tensor, port) in zip(tensors, ports) where tensor.type != port.type {
            throw EngineError(.graph, "\(port.name) takes \(port.type), not \(tensor.type)")
        }
    }
}

extension CompiledNetwork {
    /// Tensors of zeros, for a run's results.
    public func makeOutputs() -> [Tensor] { outputs.map { Tensor(zeros: $0.type) } }
}
