import Analysis
import NeuralNetworks

extension LoadedStage {
    var channels: Int { model.card.input.colour == .grey ? 1 : 3 }

    /// A network of the stage with the card's outputs alone, in its order.
    func answering(_ graph: Graph) -> Graph {
        var answering = graph
        answering.outputs = model.card.output.names.compactMap { name in
            graph.outputs.first { $0.name == name }
        }
        // A file may say that one image goes through at once, whose layers take several.
        answering.inputs = graph.inputs.map { port in
            Graph.Port(
                name: port.name, elementType: port.elementType,
                dimensions: port.dimensions.enumerated().map { $0 == 0 ? .symbolic("batch") : $1 })
        }
        return answering
    }

    /// The stage's network as learning sees it.
    ///
    /// - Parameter side: of tiles; the stage's own where it is nil.
    /// - Throws: ``LearningError`` of kind `unsupported`, naming the layers that have no gradient.
    public func training(batch: Int, side: Int? = nil) throws(LearningError) -> TrainingGraph {
        let side = side ?? contract.inputSide
        let training: TrainingGraph
        do throws(GraphError) {
            training = try TrainingGraph(
                answering(model.graph), inputShapes: [model.card.input.name: [batch, channels, side, side]])
        } catch {
            throw LearningError(
                .unsupported, "the stage's network takes no batches of \(batch), try --batch 1: \(error)")
        }
        do { _ = try training.valuesOfParameters() } catch {
            throw LearningError(.unsupported, "the stage's network cannot be trained: \(error)")
        }
        return training
    }
}
