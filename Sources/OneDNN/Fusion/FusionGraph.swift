import NeuralNetworks

/// A graph whose types are known, in the course of being rewritten into fewer and larger nodes.
struct FusionGraph {
    struct Node {
        var name: String
        var operation: any Operator
        var inputs: [String?]
        var outputs: [String?]
        /// What the result is rounded to before anything is added to it.
        var ownRounding: Grid?
        /// A value that is added to the result, before the activation.
        var residual: String?
        var activation: Activation?
        /// What all of that is rounded to.
        var rounding: Grid?
        /// Names of the nodes that this one has taken in.
        var fused: [String] = []

        /// All values that it reads.
        var reads: [String] { inputs.compactMap { $0 } + [residual].compactMap { $0 } }
    }

    var nodes: [Node]
    var constants: [String: Tensor]
    var types: [String: TensorType]
    var inputs: [String]
    var outputs: [String]
    /// Inputs and outputs that lie as they pass between layers, not as callers have them: other parts' outputs and inputs.
    var joints: Set<String> = []
    /// Whether products of integers are computed with integers.
    var usesIntegers = false
    /// The integers that constant weights stand for.
    var integerWeights: [String: IntegerWeights] = [:]
    /// The values that lie on a grid.
    var grids: [String: Grid] = [:]
    /// The values that somebody wants as levels of their grids.
    var levels: Set<String> = []
    /// Whether what is not a number must reach the outputs; see ``OneDNNNetwork/careful``.
    var keepsNaN = false
    /// How often it runs for a batch, each time for the next images.
    var groups = 1

    /// How often each value is read by nodes, or given out.
    func readCounts() -> [String: Int] {
        var counts: [String: Int] = [:]
        for name in nodes.flatMap(\.reads) + outputs { counts[name, default: 0] += 1 }
        return counts
    }

    /// The last node that reads each value.
    func lastReads() -> [String: Int] {
        var lastReads: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for name in node.reads { lastReads[name] = index }
        }
        return lastReads
    }

    /// The node that reads each value which is read once, and not given out.
    func onlyReaders() -> [String: Int] {
        let counts = readCounts()
        var readers: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for name in node.reads where counts[name] == 1 { readers[name] = index }
        }
        return readers
    }

    /// The index of the node that writes each value.
    func writers() -> [String: Int] {
        var writers: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for output in node.outputs.compactMap({ $0 }) { writers[output] = index }
        }
        return writers
    }

    /// The elements of a constant `float32` value.
    func floats(_ name: String?) -> [Float]? { name.flatMap { constants[$0]?.floats } }

    func shape(_ name: String?) -> Shape? { name.flatMap { types[$0]?.shape } }

    /// Merges the node at `index` into the node at `target`, which then writes its output.
    mutating func absorb(_ index: Int, into target: Int) {
        nodes[target].outputs = nodes[index].outputs
        nodes[target].fused += [nodes[index].name] + nodes[index].fused
        nodes[target].activation = nodes[index].activation ?? nodes[target].activation
        nodes[target].rounding = nodes[index].rounding ?? nodes[target].rounding
    }
}
