import NeuralNetworks

/// Learning by oneDNN's primitives, forwards and backwards, and by our own kernels for normalisations and, by Winograd's
/// minimal filtering, for convolutions of 3 x 3.
///
/// The batch is cut into the same pieces whatever the threads, each of which one thread takes all the way; what pieces share
/// (the mean of a channel, a weight's gradient) is summed in their order. So any number of threads gives the same bits.
extension OneDNNEngine: TrainingEngine {
    public func compile(
        _ graph: TrainingGraph, precision: Precision, threads: Int
    ) throws -> any TrainableNetwork {
        try LibraryVersion.current.check()
        if precision == .bfloat16, !InstructionSet.current.hasMatrices {
            throw EngineError(
                .unsupportedPrecision,
                "bfloat16 is learned in on processors with AMX; this one has \(InstructionSet.current.rawValue)")
        }
        return try OneDNNTrainableNetwork(graph, precision: precision, threads: threads)
    }
}
