import NeuralNetworks

extension FusionGraph {
    /// Writes summations over two inputs as products of matrices, which have fast implementations.
    ///
    /// Axes are brought into the order `[batches..., rows..., summed...]` times `[batches..., summed..., columns...]`,
    /// and merged. Left alone: axes that are broadcast, on a diagonal, or summed over one input only.
    mutating func expandEinsteinSummations() {
        nodes = nodes.flatMap { node in
            guard let operation = node.operation as? EinsteinSummation, node.inputs.count == 2,
                let left = node.inputs[0], let right = node.inputs[1], let output = node.outputs[0],
                let product = MatrixForm(operation, shape(left), shape(right))
            else { return [node] }
            var expansion = Expansion(name: node.name, graph: self)
            let first = expansion.matrices(left, product.left, product.batches, product.rows, product.summed)
            let second = expansion.matrices(right, product.right, product.batches, product.summed, product.columns)
            expansion.append(MatrixMultiplication(), [first, second], "product")
            let axes = product.batches + product.rows + product.columns
            expansion.reshape(axes.map { product.extents[$0] ?? 1 })
            let order = product.output.compactMap { axes.firstIndex(of: $0) }
            expansion.append(Transpose(permutation: order), [expansion.last], "output")
            self.constants = expansion.graph.constants
            self.types = expansion.graph.types
            return expansion.finished(as: output)
        }
    }

    /// A summation whose axes all belong to a product of matrices.
    private struct MatrixForm {
        typealias Label = EinsteinSummation.Label

        let left, right, output: [Label]
        let batches, rows, columns, summed: [Label]
        let extents: [Label: Int]

        init?(_ operation: EinsteinSummation, _ leftShape: Shape?, _ rightShape: Shape?) {
            guard let leftShape, let rightShape,
                let subscripts = try? operation.subscripts(ranks: [leftShape.rank, rightShape.rank])
            else { return nil }
            (left, right, output) = (subscripts.inputs[0], subscripts.inputs[1], subscripts.output)
            let (first, second, kept) = (Set(left), Set(right), Set(output))
            guard first.count == left.count, second.count == right.count,
                first.symmetricDifference(second).isSubset(of: kept)
            else { return nil }
            batches = left.filter { second.contains($0) && kept.contains($0) }
            rows = left.filter { !second.contains($0) }
            columns = right.filter { !first.contains($0) }
            summed = left.filter { second.contains($0) && !kept.contains($0) }
            extents = Dictionary(zip(left + right, leftShape.dimensions + rightShape.dimensions)) { first, _ in first }
            let isPlain = zip(right, rightShape.dimensions).allSatisfy { [extents] in extents[$0] == $1 }
            guard isPlain, !extents.values.contains(0) else { return nil }
        }
    }

    /// The nodes that take the place of one.
    private struct Expansion {
        let name: String
        var graph: FusionGraph
        private(set) var nodes: [Node] = []
        private(set) var last = ""

        init(name: String, graph: FusionGraph) {
            self.name = name
            self.graph = graph
        }

        /// `value` with its axes as `[batches, first, second]`, three of them.
        mutating func matrices<Label: Hashable>(
            _ value: String, _ labels: [Label], _ batches: [Label], _ first: [Label], _ second: [Label]
        ) -> String {
            let order = (batches + first + second).compactMap { labels.firstIndex(of: $0) }
            append(Transpose(permutation: order), [value], "input\(nodes.count)")
            let extents = graph.shape(last)?.dimensions ?? []
            let (outer, middle) = (extents.prefix(batches.count), extents.dropFirst(batches.count).prefix(first.count))
            reshape([outer.reduce(1, *), middle.reduce(1, *), extents.suffix(second.count).reduce(1, *)])
            return last
        }

        mutating func reshape(_ extents: [Int]) {
            let shape = "\(name)/shape\(nodes.count)"
            graph.constants[shape] = Tensor(shape: [extents.count], extents.map(Int64.init))
            graph.types[shape] = TensorType(elementType: .int64, shape: [extents.count])
            append(Reshape(), [last, shape], "matrix\(nodes.count)")
        }

        mutating func append(_ operation: any Operator, _ inputs: [String], _ suffix: String) {
            let output = "\(name)/\(suffix)"
            let known = inputs.map { input in
                graph.types[input].map { KnownValue(type: $0, constant: graph.constants[input]) }
            }
            graph.types[output] = try? operation.outputTypes(for: known).first
            nodes.append(Node(name: output, operation: operation, inputs: inputs, outputs: [output]))
            last = output
        }

        /// The nodes, the last of which writes `output`.
        func finished(as output: String) -> [Node] {
            var nodes = nodes
            nodes[nodes.count - 1].outputs = [output]
            return nodes
        }
    }
}
