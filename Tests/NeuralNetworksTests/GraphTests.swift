import NeuralNetworks
import Testing

@Suite struct GraphTests {
    static let image = Graph.Port(
        name: "x", elementType: .float32,
        dimensions: [.symbolic("N"), .fixed(1), .symbolic("H"), .symbolic("W")])
    static let result = Graph.Port(name: "y", elementType: .float32, dimensions: [])

    static func relu(_ input: String, _ output: String) -> Graph.Node {
        Graph.Node(name: "\(input)>\(output)", operation: UnaryElementwise(.relu), inputs: [input], outputs: [output])
    }

    static func graph(
        inputs: [Graph.Port] = [image], initializers: [String: Tensor] = [:], _ nodes: [Graph.Node]
    ) throws(GraphError) -> Graph {
        try Graph(name: "test", inputs: inputs, outputs: [result], initializers: initializers, nodes: nodes)
    }

    @Test func ordersNodes() throws {
        let graph = try Self.graph([Self.relu("b", "y"), Self.relu("a", "b"), Self.relu("x", "a")])
        #expect(graph.nodes.map(\.name) == ["x>a", "a>b", "b>y"])
    }

    static let broken: [(nodes: [Graph.Node], places: [String?])] = [
        ([relu("x", "y"), relu("x", "y")], ["y"]),
        ([relu("x", "x"), relu("x", "y")], ["x"]),
        ([relu("p", "y"), relu("q", "z")], ["p>y", "q>z"]),
        ([relu("x", "a")], ["y"]),
        ([relu("a", "b"), relu("b", "a"), relu("x", "y")], ["a>b", "b>a"]),
        ([relu("y", "y")], ["y>y"]),
    ]

    @Test(arguments: broken) func namesAllThatIsWrong(_ nodes: [Graph.Node], _ places: [String?]) {
        #expect { try Self.graph(nodes) } throws: {
            ($0 as? GraphError)?.problems.map(\.place) == places
        }
    }

    @Test func foldsShapeComputations() throws {
        // y = reshape(x, [shape(x)[0], -1])
        let graph = try Self.graph(
            initializers: [
                "zero": Tensor(shape: [1], [0] as [Int64]), "rest": Tensor(shape: [1], [-1] as [Int64]),
            ],
            [
                .init(name: "shape", operation: ShapeOf(), inputs: ["x"], outputs: ["shape"]),
                .init(name: "first", operation: Gather(), inputs: ["shape", "zero"], outputs: ["n"]),
                .init(name: "join", operation: Concatenation(axis: 0), inputs: ["n", "rest"], outputs: ["wanted"]),
                .init(name: "reshape", operation: Reshape(), inputs: ["x", "wanted"], outputs: ["y"]),
            ])
        let typed = try graph.inferred(inputShapes: ["x": [2, 1, 3, 4]])
        #expect(typed.nodes.map(\.name) == ["reshape"])
        #expect(typed.types["y"] == TensorType(elementType: .float32, shape: [2, 12]))
        #expect(typed.constants == ["wanted": Tensor(shape: [2], [2, -1] as [Int64])])
        let image = Tensor(shape: [2, 1, 3, 4], (0..<24).map(Float.init))
        #expect(try ReferenceExecutor(graph).run(["x": image]) == ["y": image.reshaped(to: [2, 12])])
    }

    @Test func constantsDoNotGrow() throws {
        let graph = try Self.graph(
            initializers: ["shape": Tensor(shape: [1], [1 << 20] as [Int64])],
            [
                .init(name: "fill", operation: ConstantOfShape(), inputs: ["shape"], outputs: ["zeros"]),
                .init(name: "add", operation: BinaryElementwise(.add), inputs: ["x", "zeros"], outputs: ["y"]),
            ])
        let typed = try graph.inferred(inputShapes: ["x": [1, 1, 1, 1]])
        #expect(typed.nodes.map(\.name) == ["fill", "add"])
    }

    static let wrongInputs: [[String: Shape]] = [
        [:], ["x": [1, 2, 3, 3]], ["x": [1, 1, 3]], ["x": [1, 1, 3, 3], "z": [1]],
    ]

    @Test(arguments: wrongInputs) func refusesWrongInputs(_ shapes: [String: Shape]) throws {
        let graph = try Self.graph([Self.relu("x", "y")])
        #expect(throws: GraphError.self) { try graph.inferred(inputShapes: shapes) }
        let tensors = shapes.mapValues { Tensor(shape: $0, [Float](repeating: 0, count: $0.elementCount)) }
        #expect(throws: GraphError.self) { try ReferenceExecutor(graph).run(tensors) }
    }

    @Test func equalSymbolsAreEqualExtents() throws {
        let square = Graph.Port(name: "x", elementType: .float32, dimensions: [.symbolic("S"), .symbolic("S")])
        let graph = try Self.graph(inputs: [square], [Self.relu("x", "y")])
        #expect(throws: GraphError.self) { try graph.inferred(inputShapes: ["x": [2, 3]]) }
        #expect(try graph.inferred(inputShapes: ["x": [3, 3]]).types["y"]?.shape == [3, 3])
    }

    @Test func limitsMemory() throws {
        let graph = try Self.graph([
            .init(name: "a", operation: BinaryElementwise(.add), inputs: ["x", "x"], outputs: ["a"]),
            .init(name: "b", operation: BinaryElementwise(.add), inputs: ["a", "x"], outputs: ["b"]),
            .init(name: "c", operation: BinaryElementwise(.add), inputs: ["a", "b"], outputs: ["y"]),
        ])
        let image = Tensor(shape: [1, 1, 8, 8], [Float](repeating: 1, count: 64))
        #expect(throws: GraphError.self) { try ReferenceExecutor(graph, byteLimit: 2 * 256).run(["x": image]) }
        #expect(try ReferenceExecutor(graph, byteLimit: 3 * 256).run(["x": image])["y"]?.floats?.first == 5)
        #expect(throws: GraphError.self) {
            try graph.inferred(inputShapes: ["x": [1 << 20, 1, 1 << 20, 1 << 20]])
        }
    }
}
