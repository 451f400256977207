import NeuralNetworks

/// What a graph answers for tiles of one size or another.
extension GraphFit {
    /// The shape of the output that the card names for a tile of this size; nil where the graph takes none.
    func answer(_ height: Int, _ width: Int, in graph: Graph? = nil) -> Shape? {
        try? inferred(height, width, in: graph ?? self.graph)
    }

    /// Why it takes none.
    func failure(_ side: Int) -> String {
        do throws(GraphError) {
            _ = try inferred(side, side, in: graph)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private func inferred(_ height: Int, _ width: Int, in graph: Graph) throws(GraphError) -> Shape? {
        let channels = card.input.colour.channels
        let shape: Shape = card.input.layout == .nchw ? [1, channels, height, width] : [1, height, width, channels]
        // Only the output that the card names has to be one that can be computed.
        var graph = graph
        graph.outputs.removeAll { $0.name != card.output.name }
        return try graph.inferred(inputShapes: [card.input.name: shape]).types[card.output.name]?.shape
    }

    /// The graph with sides of any length.
    static func unfixed(_ graph: Graph, _ layout: ModelInput.Layout) -> Graph {
        var graph = graph
        graph.inputs = graph.inputs.map { port in
            guard port.dimensions.count == 4 else { return port }
            var dimensions = port.dimensions
            for axis in layout == .nchw ? [2, 3] : [1, 2] { dimensions[axis] = .symbolic(nil) }
            return Graph.Port(name: port.name, elementType: port.elementType, dimensions: dimensions)
        }
        return graph
    }
}
