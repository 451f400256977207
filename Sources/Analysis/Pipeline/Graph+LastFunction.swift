import NeuralNetworks

extension Graph {
    /// The function that makes probabilities of what reaches an output, through nodes that only move elements.
    func lastFunction(of output: String) -> String? {
        var name = output
        while let node = nodes.last(where: { $0.outputs.contains(name) }) {
            switch node.operation {
            case let softmax as Softmax: return softmax.kind == .probabilities ? softmax.name : nil
            case let function as UnaryElementwise: return function.function == .sigmoid ? function.name : nil
            case is Identity, is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Transpose, is Conversion, is Dropout,
                is Resize:
                guard let input = node.inputs.first ?? nil else { return nil }
                name = input
            default: return nil
            }
        }
        return nil
    }
}
