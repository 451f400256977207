import NeuralNetworks
import Synchronization

/// A network's twin that keeps what is not a number.
///
/// oneDNN's ReLU takes NaN for 0, and its maximum takes any number for the larger one, so that a network with one
/// poisoned weight, or whose sums overflow, answers healthy numbers; ONNX Runtime and the reference answer NaN. Nothing is
/// spent on that but a look at the processor's flags after a run (``InvalidOperations``). Where they tell of an invalid
/// operation, the run is made again by this twin: with products by their definition, and all else by the operators' own
/// plain ones. Where its answer holds NaN, that counts; else the first one does, to the bit.
final class CarefulNetwork: Sendable {
    private let graph: Graph
    private let inputShapes: [String: Shape]
    private let threads: Int
    private let compiled = Mutex<OneDNNNetwork?>(nil)

    init(graph: Graph, inputShapes: [String: Shape], threads: Int) {
        self.graph = graph
        self.inputShapes = inputShapes
        self.threads = threads
    }

    /// Whether it was ever needed.
    var isCompiled: Bool { compiled.withLock { $0 != nil } }

    /// Compiled at the first call.
    func makeContext() throws(EngineError) -> any ExecutionContext {
        try compiled.withLock { (compiled) throws(EngineError) in
            if let compiled { return compiled }
            let network = try OneDNNNetwork(
                graph, inputShapes: inputShapes, precision: .float32Exact, threads: threads, keepsNaN: true)
            compiled = network
            return network
        }.makeContext()
    }
}

extension FusionGraph.Node {
    /// Whether oneDNN's implementation keeps NaN, as sums, products and copies do by themselves.
    func keepsNaN(in graph: FusionGraph) -> Bool {
        switch operation {
        case is Convolution, is ConvolutionTranspose, is Gemm, is MatrixMultiplication, is BatchNormalization,
            is AveragePooling, is Concatenation, is Identity, is Dropout, is Flatten, is Reshape, is Squeeze,
            is Unsqueeze, is Transpose, is Slice, is Split:
            true
        case let pooling as GlobalPooling: pooling.kind == .average
        case let sum as VariadicElementwise: sum.function == .sum
        case let operation as BinaryElementwise:
            [.add, .subtract, .multiply, .divide].contains(operation.function) && graph.activation(self) == nil
        default: false
        }
    }
}
