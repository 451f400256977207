import NeuralNetworks

extension FusionGraph {
    /// The network in parts that run one after the other, as a plan has it.
    ///
    /// - Parameter graph: what this was made from.
    consuming func parts(of graph: consuming Graph, _ plan: BatchPlan?) -> [FusionGraph] {
        guard let plan, plan.images < plan.batch,
            let group = group(of: consume graph, images: plan.images, batch: plan.batch)
        else { return [self] }
        if plan.nodes == nodes.count { return [group] }
        guard group.nodes.map(\.outputs) == nodes.map(\.outputs) else { return [self] }
        let (first, rest) = (nodes[..<plan.nodes], nodes[plan.nodes...])
        let read = Set(rest.flatMap(\.reads))
        let joints = first.flatMap(\.outputs).compactMap { $0 }.filter(read.contains)
        return [
            group.part(group.nodes[..<plan.nodes], from: inputs, to: joints, joints: joints),
            part(rest, from: joints, to: outputs, joints: joints),
        ]
    }

    /// Some of the nodes as a network of their own.
    private func part(
        _ nodes: ArraySlice<Node>, from inputs: [String], to outputs: [String], joints: [String]
    ) -> FusionGraph {
        var part = self
        part.nodes = Array(nodes)
        (part.inputs, part.outputs, part.joints) = (inputs, outputs, Set(joints))
        let read = Set(nodes.flatMap(\.reads) + outputs)
        part.constants = constants.filter { read.contains($0.key) }
        part.integerWeights = integerWeights.filter { read.contains($0.key) }
        return part
    }

    /// The same network for `images` images at a time.
    ///
    /// - Parameters:
    ///   - graph: what this was made from.
    ///   - images: fewer than `batch`.
    /// - Returns: nil where another batch makes another network of it.
    private func group(of graph: consuming Graph, images: Int, batch: Int) -> FusionGraph? {
        var shapes: [String: Shape] = [:]
        graph.inputs = graph.inputs.map { port in
            let others = shape(port.name)?.dimensions.dropFirst() ?? []
            shapes[port.name] = Shape([images] + others)
            return Graph.Port(
                name: port.name, elementType: port.elementType,
                dimensions: [.fixed(images)] + port.dimensions.dropFirst())
        }
        let made = try? FusionGraph(
            consume graph, inputShapes: shapes, keepsNaN: keepsNaN, usesIntegers: usesIntegers)
        guard var group = made else { return nil }
        group.fuse()
        let isSame = zip(ports(outputs), group.ports(outputs)).allSatisfy {
            $0.type.byteCount * images == $1.type.byteCount * batch
        }
        group.groups = batch / images
        return group.batch == images && isSame ? group : nil
    }
}
