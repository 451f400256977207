/// Finds how a network is best written in 8-bit integers, on inputs that are like those that it will see.
///
/// The rule for layers that stay in float32: each layer's effect is how far the network's outputs move when that layer alone is
/// computed in integers, as the root of the mean square difference over that of the outputs themselves. While the network as
/// a whole moves by more than `largestDeviation`, the layer with the largest effect goes back to float32. Measured with the
/// engine that will run it, on the calibration's inputs.
public struct Calibration {
    private let quantiser: Quantiser
    private let inputs: [Tensor]
    private let engine: any Engine
    /// What the network answers in float32, for each input.
    private let answers: [[Tensor]]

    /// - Parameter inputs: for the model's only input.
    public init(_ quantiser: Quantiser, inputs: [Tensor], engine: any Engine) throws {
        self.quantiser = quantiser
        self.inputs = inputs
        self.engine = engine
        answers = try Self.run(quantiser.graph, inputs, engine)
    }

    /// The plan for all layers but the sensitive ones.
    ///
    /// - Parameter largestDeviation: of the outputs, relative.
    /// - Returns: the plan, and how far it moves the outputs.
    public func plan(largestDeviation: Double) throws -> (plan: QuantisationPlan, deviation: Double) {
        var plan = QuantisationPlan(ranges: try ranges())
        var deviation = try self.deviation(of: plan)
        guard deviation > largestDeviation else { return (plan, deviation) }
        let layers = quantiser.layers
        var effects: [(layer: String, effect: Double)] = []
        for layer in layers {
            let others = Set(layers).subtracting([layer])
            effects.append(
                (layer, try self.deviation(of: QuantisationPlan(ranges: plan.ranges, sensitiveLayers: others))))
        }
        for (layer, _) in effects.sorted(by: { $0.effect > $1.effect }) {
            plan.sensitiveLayers.insert(layer)
            deviation = try self.deviation(of: plan)
            if deviation <= largestDeviation { break }
        }
        return (plan, deviation)
    }

    /// The least and the largest number of each value over all inputs.
    private func ranges() throws -> [String: ClosedRange<Float>] {
        var graph = quantiser.graph
        guard let input = graph.inputs.first, let shape = inputs.first?.shape else { return [:] }
        let known = try graph.inferred(inputShapes: [input.name: shape])
        let values = quantiser.values.filter { known.types[$0]?.elementType == .float32 }
        graph.outputs = values.map { Graph.Port(name: $0, elementType: .float32, dimensions: []) }
        var ranges: [String: ClosedRange<Float>] = [:]
        for results in try Self.run(graph, inputs, engine) {
            for (value, result) in zip(values, results) {
                let numbers = result.floats ?? []
                guard let least = numbers.min(), let most = numbers.max() else { continue }
                let own = ranges[value] ?? least...most
                ranges[value] = min(own.lowerBound, least)...max(own.upperBound, most)
            }
        }
        return ranges
    }

    private func deviation(of plan: QuantisationPlan) throws -> Double {
        let found = try Self.run(quantiser.quantised(plan), inputs, engine)
        var (moved, whole) = (0.0, 0.0)
        for (found, expected) in zip(found.joined(), answers.joined()) {
            for (mine, right) in zip(found.floats ?? [], expected.floats ?? []) {
                moved += Double(mine - right) * Double(mine - right)
                whole += Double(right) * Double(right)
            }
        }
        return whole > 0 ? (moved / whole).squareRoot() : moved > 0 ? .infinity : 0
    }

    private static func run(_ graph: Graph, _ inputs: [Tensor], _ engine: any Engine) throws -> [[Tensor]] {
        guard graph.inputs.count == 1 else { throw GraphError(graph.name, "does not have one input alone") }
        var contexts: [Shape: any ExecutionContext] = [:]
        return try inputs.map { input in
            let known = contexts[input.shape]
            let context =
                if let known { known } else {
                    try engine.compile(graph, inputShapes: [graph.inputs[0].name: input.shape]).makeContext()
                }
            contexts[input.shape] = context
            return try context.run([input])
        }
    }
}
