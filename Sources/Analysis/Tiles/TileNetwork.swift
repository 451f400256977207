import Findings
import NeuralNetworks
import Synchronization

/// A model that answers for tiles of any size: compiled once for each, and shared by all threads.
final class TileNetwork: Sendable {
    let contract: TileContract
    private let model: LoadedModel
    private let engine: any Engine
    /// The latest sizes, newest last; most scans of a night share a few.
    private let compiled = Mutex<[(shape: Shape, network: any CompiledNetwork)]>([])
    private static let keptSizes = 4

    init(_ stage: LoadedStage, of pipeline: Pipeline) {
        contract = stage.contract
        model = stage.model
        engine = pipeline.engine
    }

    /// The network for tiles that answer for this size, see ``TileContract/inputShape(height:width:)``.
    func network(height: Int, width: Int) throws(EngineError) -> any CompiledNetwork {
        let shape = contract.inputShape(height: height, width: width)
        return try compiled.withLock { (kept) throws(EngineError) in
            if let index = kept.firstIndex(where: { $0.shape == shape }) {
                let entry = kept.remove(at: index)
                kept.append(entry)
                return entry.network
            }
            let network = try model.compiled(for: shape, by: engine)
            kept.append((shape, network))
            if kept.count > Self.keptSizes { kept.removeFirst() }
            return network
        }
    }
}
