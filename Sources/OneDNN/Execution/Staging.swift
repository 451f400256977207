/// Memory for tensors that go in and come out by name. New memory for each run would cost a network's milliseconds: the
/// kernel clears every page of it.
final class Staging {
    /// For each input of the network.
    let inputs: [UnsafeMutableRawPointer]
    /// For each output of the network.
    let outputs: [UnsafeMutableRawPointer]
    private let buffer: AlignedBuffer

    init(_ network: CompiledNetwork) throws(EngineError) {
        let sizes = (network.inputs + network.outputs).map(\.type.byteCount)
        let plan = ArenaPlan(sizes.map { ArenaPlan.Buffer(byteCount: $0, lifetime: 0...0) })
        let buffer = try AlignedBuffer(byteCount: plan.byteCount)
        let addresses = plan.offsets.map { buffer.address + $0 }
        inputs = Array(addresses.prefix(network.inputs.count))
        outputs = Array(addresses.dropFirst(network.inputs.count))
        self.buffer = buffer
    }
}
