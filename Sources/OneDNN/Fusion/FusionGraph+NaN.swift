import NeuralNetworks

extension FusionGraph.Node {
    /// Whether oneDNN's implementation keeps NaN, as sums, products and copies do by themselves.
    func keepsNaN(in graph: FusionGraph) -> Bool {
        switch operation {
        case is Convolution, is ConvolutionTranspose, is Gemm, is MatrixMultiplication, is BatchNormalization,
            is AveragePooling, is Concatenation, is Identity, is Dropout, is Flatten, is Reshape, is Squeeze,
            is Unsqueeze, is Transpose, is Slice, is Split, is Gather:
            true
        case let pooling as GlobalPooling: pooling.kind == .average
        case let sum as VariadicElementwise: sum.function == .sum
        case let operation as BinaryElementwise:
            [.add, .subtract, .multiply, .divide].contains(operation.function) && graph.activation(self) == nil
        default: false
        }
    }
}
