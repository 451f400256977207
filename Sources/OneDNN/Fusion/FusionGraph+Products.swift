import NeuralNetworks

/// Products of rows with constant weights take in the constants around them, and write their rows where images are read.
extension FusionGraph {
    /// Whether a node multiplies computed rows by constant weights.
    func isInnerProduct(_ node: Node) -> Bool {
        guard node.operation is MatrixMultiplication || (node.operation as? Gemm)?.transposeA == false,
            node.inputs.count >= 2, let source = node.inputs[0], let name = node.inputs[1], let data = shape(source),
            2...6 ~= data.rank, data.elementCount > 0, constants[source] == nil, let weights = constants[name],
            weights.elementType == .float32, weights.shape.rank == 2, weights.shape.elementCount > 0
        else { return false }
        return integerWeights[name] == nil
    }

    /// Makes the constant row that is added to a matrix product its bias, which a MatMul has as its third input from then on.
    mutating func fuseBiases() {
        var writers = writers()
        let counts = readCounts()
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard (node.operation as? BinaryElementwise)?.function == .add, let output = node.outputs[0],
                let (value, row) = constantFactor(node), let writer = writers[value], counts[value] == 1,
                !outputs.contains(value), nodes[writer].operation is MatrixMultiplication,
                nodes[writer].inputs.count == 2, isInnerProduct(nodes[writer]), shape(output) == shape(value),
                let extents = shape(row)?.dimensions, extents.last == shape(value)?.dimensions.last,
                extents.dropLast().allSatisfy({ $0 == 1 })
            else { continue }
            nodes[writer].inputs.append(row)
            absorb(index, into: writer)
            writers[output] = writer
            removed.insert(index)
        }
        remove(removed)
    }

    /// Multiplies the weights and the bias of a product by a constant factor of each column that follows it, behind a
    /// Transpose too: the scales of residual layers, as ConvNeXt has them.
    mutating func foldScales() {
        var writers = writers()
        let counts = readCounts()
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard (node.operation as? BinaryElementwise)?.function == .multiply, let output = node.outputs[0],
                let (value, name) = constantFactor(node), let last = writers[value], counts[value] == 1,
                !outputs.contains(value), shape(output) == shape(value), let rank = shape(value)?.rank
            else { continue }
            var (product, axis) = (last, rank - 1)
            if let transpose = nodes[last].operation as? Transpose {
                let order = transpose.permutation ?? (0..<rank).reversed()
                guard let source = nodes[last].inputs[0], counts[source] == 1, !outputs.contains(source),
                    let writer = writers[source], let place = order.firstIndex(of: rank - 1)
                else { continue }
                (product, axis) = (writer, place)
            }
            guard nodes[product].operation is MatrixMultiplication, isInnerProduct(nodes[product]),
                nodes[product].residual == nil, nodes[product].activation == nil,
                let factors = factors(name, along: axis, rank: rank),
                scaleProduct(product, by: factors, "\(node.name) folded into \(nodes[product].name)")
            else { continue }
            nodes[last].outputs = node.outputs
            nodes[last].fused.append(node.name)
            writers[output] = last
            removed.insert(index)
        }
        remove(removed)
    }

    /// Multiplies the product of two computed matrices by the number that one of them, or both, were multiplied by before:
    /// the scale of attention.
    mutating func delayScales() {
        let (counts, writers) = (readCounts(), writers())
        var removed = Set<Int>()
        for (index, node) in nodes.enumerated() {
            guard node.operation is MatrixMultiplication, node.inputs.count == 2,
                node.inputs.allSatisfy({ $0.map { constants[$0] == nil } ?? false })
            else { continue }
            var scale: Float = 1
            for (place, input) in node.inputs.enumerated() {
                guard let input, counts[input] == 1, !outputs.contains(input), let writer = writers[input],
                    (nodes[writer].operation as? BinaryElementwise)?.function == .multiply,
                    let (value, number) = constantFactor(nodes[writer]), let factor = scalar(number),
                    shape(value) == shape(input)
                else { continue }
                scale *= factor
                nodes[index].inputs[place] = value
                nodes[index].fused.append(nodes[writer].name)
                removed.insert(writer)
            }
            if scale != 1 { nodes[index].activation = Activation(function: .linear, alpha: scale) }
        }
        remove(removed)
    }

    /// Adds a shortcut of images before their channels are brought to the front, not behind: `transpose(a) + b` is
    /// `transpose(a + inverse(b))`, whose sum the product that makes `a` can do.
    mutating func addBeforeTransposes() {
        let counts = readCounts()
        let writers = writers()
        var inserted: [Int: Node] = [:]
        for (index, node) in nodes.enumerated() {
            guard (node.operation as? BinaryElementwise)?.function == .add, let output = node.outputs[0],
                let left = node.inputs[0], let right = node.inputs[1], left != right, types[left] == types[right],
                let (transposed, other) = [(left, right), (right, left)].first(where: { value, _ in
                    writers[value].map { isChannelsFirst(nodes[$0]) } == true && counts[value] == 1
                }), !outputs.contains(transposed), constants[other] == nil, let writer = writers[transposed],
                let rows = nodes[writer].inputs[0], counts[rows] == 1, !outputs.contains(rows),
                let product = writers[rows], writers[other] ?? -1 < product, isInnerProduct(nodes[product]),
                nodes[product].residual == nil, nodes[product].activation == nil, let type = types[rows],
                let rank = shape(output)?.rank
            else { continue }
            let (back, sum) = ("\(node.name): shortcut", "\(node.name): sum")
            (types[back], types[sum]) = (type, type)
            inserted[product] = Node(
                name: back, operation: Transpose(permutation: [0] + (2..<rank) + [1]), inputs: [other],
                outputs: [back])
            nodes[index].operation = Transpose(permutation: [0, rank - 1] + (1..<rank - 1))
            nodes[index].inputs = [sum]
            nodes[index].fused.append(nodes[writer].name)
            nodes[writer].operation = node.operation
            nodes[writer].inputs = [rows, back]
            nodes[writer].outputs = [sum]
        }
        nodes = nodes.indices.flatMap { [inserted[$0], nodes[$0]].compactMap { $0 } }
    }

    /// Whether a node moves the last axis to the place of channels.
    private func isChannelsFirst(_ node: Node) -> Bool {
        guard let order = (node.operation as? Transpose)?.permutation, 3...5 ~= order.count else { return false }
        return order == [0, order.count - 1] + (1..<order.count - 1)
    }

    /// The computed and the constant `float32` input of a node of two.
    private func constantFactor(_ node: Node) -> (value: String, constant: String)? {
        guard node.inputs.count == 2, let left = node.inputs[0], let right = node.inputs[1] else { return nil }
        let (value, constant) = constants[right] == nil ? (right, left) : (left, right)
        guard constants[value] == nil, constants[constant]?.elementType == .float32 else { return nil }
        return (value, constant)
    }

    /// The elements of a constant that is broadcast along all axes but one.
    private func factors(_ name: String, along axis: Int, rank: Int) -> [Float]? {
        guard let extents = shape(name)?.dimensions, let elements = floats(name), extents.count <= rank else {
            return nil
        }
        let place = axis - (rank - extents.count)
        guard extents.indices.contains(place), extents[place] == elements.count else { return nil }
        return elements
    }

    /// - Returns: false where there is not one factor for each column.
    private mutating func scaleProduct(_ product: Int, by factors: [Float], _ prefix: String) -> Bool {
        guard let name = nodes[product].inputs[1], var weights = floats(name), let shape = shape(name),
            shape[1] == factors.count
        else { return false }
        for index in weights.indices { weights[index] *= factors[index % factors.count] }
        replaceConstant(product, 1, "\(prefix): weights", Tensor(shape: shape, weights))
        guard nodes[product].inputs.count > 2, let row = nodes[product].inputs[2], let bias = floats(row) else {
            return true
        }
        let scaled = Tensor(shape: Shape([bias.count]), zip(bias, factors).map(*))
        replaceConstant(product, 2, "\(prefix): bias", scaled)
        return true
    }
}
