import NeuralNetworks
import Synchronization

/// A network that is compiled when it is needed first.
final class LazyNetwork: Sendable {
    private let graph: Graph
    private let inputShapes: [String: Shape]
    private let precision: Precision
    private let threads: Int
    private let keepsNaN, yieldsCores: Bool
    private let compiled = Mutex<OneDNNNetwork?>(nil)

    init(
        graph: Graph, inputShapes: [String: Shape], precision: Precision, threads: Int, keepsNaN: Bool = false,
        yieldsCores: Bool = false
    ) {
        self.graph = graph
        self.inputShapes = inputShapes
        self.precision = precision
        self.threads = threads
        self.keepsNaN = keepsNaN
        self.yieldsCores = yieldsCores
    }

    /// Whether it was ever needed.
    var isCompiled: Bool { compiled.withLock { $0 != nil } }

    /// Compiled at the first call.
    func makeContext() throws(EngineError) -> any ExecutionContext {
        try compiled.withLock { (compiled) throws(EngineError) in
            if let compiled { return compiled }
            let network = try OneDNNNetwork(
                graph, inputShapes: inputShapes, precision: precision, threads: threads, keepsNaN: keepsNaN,
                yieldsCores: yieldsCores)
            compiled = network
            return network
        }.makeContext()
    }
}
