import Findings
import NeuralNetworks
import OneDNN
import Synchronization

/// A model that answers for tiles of any size: compiled once for each, and shared by all threads.
final class TileNetwork: Sendable {
    let card: ModelCard
    private let graph: Graph
    private let precision: Precision
    /// The latest sizes, newest last; most scans of a night share a few.
    private let compiled = Mutex<[(shape: Shape, network: CompiledNetwork)]>([])
    private static let keptSizes = 4

    init(_ model: LoadedModel, precision: Precision) {
        card = model.card
        graph = model.graph
        self.precision = precision
    }

    /// The network for one input `[1, 3, H, W]`.
    ///
    /// Always one tile, so that the bits do not depend on how many tiles there are.
    func network(height: Int, width: Int) throws(EngineError) -> CompiledNetwork {
        let shape: Shape = [1, 3, height, width]
        return try compiled.withLock { (kept) throws(EngineError) in
            if let index = kept.firstIndex(where: { $0.shape == shape }) {
                let entry = kept.remove(at: index)
                kept.append(entry)
                return entry.network
            }
            let network = try CompiledNetwork(graph, inputShapes: [card.inputName: shape], precision: precision)
            kept.append((shape, network))
            if kept.count > Self.keptSizes { kept.removeFirst() }
            return network
        }
    }
}
