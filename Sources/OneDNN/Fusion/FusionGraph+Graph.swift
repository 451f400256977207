import NeuralNetworks

extension FusionGraph {
    /// - Throws: ``EngineError`` where `inputShapes` do not fit the graph.
    init(
        _ graph: consuming Graph, inputShapes: [String: Shape], keepsNaN: Bool = false, usesIntegers: Bool = false
    ) throws(EngineError) {
        do throws(GraphError) {
            let typed = try graph.inferred(inputShapes: inputShapes)
            nodes = typed.nodes.map {
                Node(name: $0.name, operation: $0.operation, inputs: $0.inputs, outputs: $0.outputs)
            }
            constants = typed.constants
            types = typed.types
            integerWeights = usesIntegers ? graph.integerWeights(typed.constants) : [:]
        } catch {
            throw EngineError(.graph, error.description)
        }
        inputs = graph.inputs.map(\.name)
        outputs = graph.outputs.map(\.name)
        self.keepsNaN = keepsNaN
        self.usesIntegers = usesIntegers
    }

    func ports(_ names: [String]) -> [NetworkPort] {
        names.compactMap { name in types[name].map { NetworkPort(name: name, type: $0) } }
    }

    /// Rewrites the graph into fewer nodes that compute the same.
    mutating func fuse() {
        expandEinsteinSummations()
        expandQuantizedProducts()
        fuseQuantizations()
        poolReductions()
        addStacks()
        dropWholeSlices()
        dropEmptyPaddings()
        nestConcatenations()
        foldPaddings()
        foldBatchNormalizations()
        fuseBiases()
        foldScales()
        addBeforeTransposes()
        fuseResiduals()
        // oneDNN's activations lose what is not a number.
        if keepsNaN { return }
        delayScales()
        fuseGelus()
        fuseSelfGates()
        fuseActivations()
        if usesIntegers { fuseRoundings() }
    }
}
