import NeuralNetworks

extension FusionGraph {
    /// Additions and multiplications below which handing them to another thread takes longer than computing them.
    private static let leastOperations = 1 << 20

    /// Whether the layers are so small that a network is faster on one thread than on several.
    var isTiny: Bool {
        let counts = nodes.map(operationCount).filter { $0 > 0 }
        guard !counts.isEmpty else { return false }
        return counts.reduce(0, +) / counts.count < Self.leastOperations
    }

    /// Whether all layers together take longer than handing them to another thread.
    var isWorthAThread: Bool { nodes.map(operationCount).reduce(0, +) >= Self.leastOperations }

    /// What a layer with constant weights multiplies and adds, about.
    private func operationCount(_ node: Node) -> Int {
        guard node.inputs.count > 1, let weights = floats(node.inputs[1])?.count,
            let output = shape(node.outputs.first ?? nil), output.rank > 1, output.elementCount > 0
        else { return 0 }
        switch node.operation {
        case is Convolution, is ConvolutionTranspose: return 2 * weights * (output.elementCount / output[1])
        case is Gemm, is MatrixMultiplication:
            return 2 * weights * (output.elementCount / output[output.rank - 1])
        default: return 0
        }
    }
}
