/// A network in the course of being written in integers.
struct QuantisedGraph {
    /// How a value is written in integers: the names of its scale and zero point, and what they are.
    private struct Grid {
        let scale, zeroPoint: String
        let step: Float
    }

    private let graph: Graph
    private let plan: QuantisationPlan
    private let readers: [String: [Graph.Node]]
    private var nodes: [Graph.Node] = []
    private var initializers: [String: Tensor]
    private var grids: [String: Grid] = [:]
    /// What is read in place of a value: the numbers that its integers stand for.
    private var rounded: [String: String] = [:]

    init(_ graph: Graph, _ plan: QuantisationPlan) {
        self.graph = graph
        self.plan = plan
        var readers: [String: [Graph.Node]] = [:]
        for node in graph.nodes {
            for name in Set(node.inputs.compactMap(\.self)) { readers[name, default: []].append(node) }
        }
        self.readers = readers
        initializers = graph.initializers
    }

    mutating func append(_ node: Graph.Node) throws {
        var node = node
        let isLayer = isInteger(node)
        let own = node
        if isLayer, let input = node.inputs[0] {
            node.inputs[0] = try round(input)
        } else {
            node.inputs = node.inputs.map { name in name.map { rounded[$0] ?? $0 } }
        }
        if isLayer { try quantiseWeights(of: &node, input: own.inputs[0]) }
        nodes.append(node)
        guard let output = node.outputs.first ?? nil else { return }
        let isWhole = own.inputs.allSatisfy { $0.map { rounded[$0] != nil || initializers[$0] != nil } ?? true }
        if graph.movesIntegers(own), let input = own.inputs[0], let grid = grids[input], isRead(output) {
            write(output, on: grid)
        } else if isLayer || isWhole && graph.passesIntegers(own) {
            if graph.tail(of: own) == [output], isRead(output) { _ = try round(output) }
        } else if Graph.isPiecewiseLinear(own), let input = own.inputs[0], isRead(output),
            let writer = graph.nodes.first(where: { $0.outputs.contains(input) }), graph.tail(of: writer) == [output],
            isInteger(writer)
                || writer.inputs.allSatisfy({ $0.map { rounded[$0] != nil } ?? true })
                    && graph.passesIntegers(writer)
        {
            _ = try round(output)
        }
    }

    func finished() throws -> Graph {
        try Graph(
            name: graph.name, inputs: graph.inputs, outputs: graph.outputs, initializers: initializers, nodes: nodes)
    }

    private func isInteger(_ node: Graph.Node) -> Bool {
        graph.isLayer(node) && !plan.sensitiveLayers.contains(node.name)
    }

    /// Whether a value is no output, and is read by what takes integers alone.
    private func isRead(_ value: String) -> Bool {
        let readers = readers[value] ?? []
        return !readers.isEmpty && !graph.outputs.contains { $0.name == value }
            && readers.allSatisfy { isInteger($0) && $0.inputs[0] == value || graph.passesIntegers($0) }
    }

    /// Rounds a value to integers and back, once.
    private mutating func round(_ value: String) throws -> String {
        if let rounded = rounded[value] { return rounded }
        guard let range = plan.ranges[value], (range.upperBound - range.lowerBound).isFinite else {
            throw GraphError(value, "has no range: calibrate this very model")
        }
        let (least, most) = (min(range.lowerBound, 0), max(range.upperBound, 0))
        let step = most > least ? max((most - least) / 255, .leastNormalMagnitude) : 1
        let zero = UInt8(min(max((-least / step).rounded(), 0), 255))
        let grid = Grid(scale: "\(value)/scale", zeroPoint: "\(value)/zero point", step: step)
        initializers[grid.scale] = Tensor(shape: [], [step])
        initializers[grid.zeroPoint] = Tensor(shape: [], storage: .uint8([zero]))
        return write(value, on: grid)
    }

    @discardableResult
    private mutating func write(_ value: String, on grid: Grid) -> String {
        let (levels, numbers) = ("\(value)/integers", "\(value)/rounded")
        nodes.append(
            Graph.Node(
                name: levels, operation: Quantization(), inputs: [value, grid.scale, grid.zeroPoint], outputs: [levels])
        )
        nodes.append(
            Graph.Node(
                name: numbers, operation: Dequantization(), inputs: [levels, grid.scale, grid.zeroPoint],
                outputs: [numbers]))
        grids[value] = grid
        rounded[value] = numbers
        return numbers
    }

    private mutating func quantiseWeights(of node: inout Graph.Node, input: String?) throws {
        guard let name = node.inputs[1], let weights = graph.initializers[name], let elements = weights.floats,
            let step = input.flatMap({ grids[$0]?.step })
        else { return }
        guard elements.allSatisfy(\.isFinite) else { throw GraphError(name, "holds what is not a finite number") }
        let axis = node.weightsAxis
        let channels = weights.shape[axis]
        let inner = weights.shape.dimensions.dropFirst(axis + 1).reduce(1, *)
        var largest = [Float](repeating: 0, count: channels)
        for (index, element) in elements.enumerated() {
            largest[index / inner % channels] = max(largest[index / inner % channels], abs(element))
        }
        let scales = largest.map { max($0 / 127, 1e-12) }
        let integers = elements.enumerated().map { index, element in
            Int8(min(max((element / scales[index / inner % channels]).rounded(.toNearestOrEven), -127), 127))
        }
        let prefix = "\(node.name)/weights"
        initializers["\(prefix)/integers"] = Tensor(shape: weights.shape, storage: .int8(integers))
        initializers["\(prefix)/scales"] = Tensor(shape: [channels], scales)
        initializers["\(prefix)/zero points"] = Tensor(
            shape: [channels], storage: .int8([Int8](repeating: 0, count: channels)))
        nodes.append(
            Graph.Node(
                name: prefix, operation: Dequantization(axis: axis),
                inputs: ["\(prefix)/integers", "\(prefix)/scales", "\(prefix)/zero points"], outputs: [prefix]))
        node.inputs[1] = prefix
        quantiseBias(of: &node, scales.map { $0 * step })
    }

    /// A bias becomes `int32` in steps of its sums, unless it takes more.
    private mutating func quantiseBias(of node: inout Graph.Node, _ steps: [Float]) {
        guard node.inputs.count > 2, let name = node.inputs[2], let bias = graph.initializers[name]?.floats,
            bias.count == steps.count, graph.initializers[name]?.shape.rank == 1
        else { return }
        let integers = zip(bias, steps).map { Int32(exactly: ($0 / $1).rounded(.toNearestOrEven)) }
        guard integers.allSatisfy({ $0 != nil }) else { return }
        let prefix = "\(node.name)/bias"
        initializers["\(prefix)/integers"] = Tensor(shape: [bias.count], integers.compactMap(\.self))
        initializers["\(prefix)/scales"] = Tensor(shape: [bias.count], steps)
        initializers["\(prefix)/zero points"] = Tensor(shape: [bias.count], [Int32](repeating: 0, count: bias.count))
        nodes.append(
            Graph.Node(
                name: prefix, operation: Dequantization(axis: 0),
                inputs: ["\(prefix)/integers", "\(prefix)/scales", "\(prefix)/zero points"], outputs: [prefix]))
        node.inputs[2] = prefix
    }
}

extension Graph.Node {
    /// The axis of a layer's weights that counts the channels of its result.
    fileprivate var weightsAxis: Int {
        switch operation {
        case is ConvolutionTranspose, is MatrixMultiplication: 1
        case let operation as Gemm: operation.transposeB ? 0 : 1
        default: 0
        }
    }
}
