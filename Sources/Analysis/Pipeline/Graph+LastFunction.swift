import NeuralNetworks

extension Graph {
    /// The function that makes probabilities of what reaches an output, through nodes that move, choose, average or clip
    /// elements: what lies within 0 and 1 before them does so after them. Also one that is written out in other functions.
    func lastFunction(of output: String) -> String? {
        var name = output
        while let node = nodes.last(where: { $0.outputs.contains(name) }) {
            switch node.operation {
            case let softmax as Softmax: return softmax.kind == .probabilities ? softmax.name : nil
            case let unary as UnaryElementwise:
                switch unary.function {
                case .sigmoid, .hardSigmoid: return unary.name
                default: return writtenOut(name) ?? writtenOut(output)
                }
            case is Identity, is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Transpose, is Conversion, is Dropout,
                is Resize, is Clip, is Slice, is Gather, is Split, is AveragePooling, is MaxPooling, is GlobalPooling:
                guard let input = node.inputs.first ?? nil else { return nil }
                name = input
            // A detector's list of boxes ends in its scores.
            case is Concatenation:
                guard let input = node.inputs.last ?? nil else { return nil }
                name = input
            default: return writtenOut(name) ?? writtenOut(output)
            }
        }
        return nil
    }

    private func writtenOut(_ name: String) -> String? {
        var ranges = ValueRange(self)
        let range = ranges.range(of: name)
        guard range.lowerBound >= 0, range.upperBound <= 1 else { return nil }
        return ranges.isShare(name) ? "written-out Softmax" : "written-out Sigmoid"
    }
}
