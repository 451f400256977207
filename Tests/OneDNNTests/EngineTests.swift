import NeuralNetworks
import OneDNN
import Testing

/// What every engine promises to those who compile and run networks.
@Suite struct EngineTests {
    static let engines: [any Engine] = [ReferenceEngine(), OneDNNEngine()]

    /// Two inputs; a sum, and the place of its largest element along the last axis.
    private static func twoByTwo() throws -> Graph {
        func port(_ name: String, _ type: ElementType) -> Graph.Port {
            Graph.Port(name: name, elementType: type, dimensions: [.symbolic("N"), .fixed(3)])
        }
        return try Graph(
            name: "two by two", inputs: [port("first", .float32), port("second", .float32)],
            outputs: [port("place", .int64), port("sum", .float32)], initializers: [:],
            nodes: [
                .init(
                    name: "add", operation: BinaryElementwise(.add), inputs: ["first", "second"], outputs: ["sum"]),
                .init(
                    name: "find", operation: ArgumentExtremum(.maximum, axis: 1, keepsDimension: false),
                    inputs: ["sum"], outputs: ["place"]),
            ])
    }

    private static let shapes: [String: Shape] = ["first": [2, 3], "second": [2, 3]]
    private static let tensors = [
        Tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6] as [Float]), Tensor(shape: [2, 3], [0, 0, 0, 9, 0, 0] as [Float]),
    ]

    @Test(arguments: engines) func givesPortsInTheGraphsOrder(_ engine: any Engine) throws {
        let network = try engine.compile(Self.twoByTwo(), inputShapes: Self.shapes)
        #expect(network.inputs.map(\.name) == ["first", "second"])
        #expect(network.outputs.map(\.name) == ["place", "sum"])
        #expect(network.outputs.map(\.type.shape) == [[2], [2, 3]])
        #expect(network.layers.map(\.name) == ["add", "find"])
    }

    @Test(arguments: engines) func runsAnyPorts(_ engine: any Engine) throws {
        let context = try engine.compile(Self.twoByTwo(), inputShapes: Self.shapes).makeContext()
        let expected = [
            Tensor(shape: [2], [2, 0] as [Int64]), Tensor(shape: [2, 3], [1, 2, 3, 13, 5, 6] as [Float]),
        ]
        #expect(try context.run(Self.tensors) == expected)
        var outputs = context.network.makeOutputs()
        for _ in 0..<2 { try context.run(Self.tensors, into: &outputs) }
        #expect(outputs == expected)
    }

    /// Results are written where the tensors' elements already are.
    @Test(arguments: engines) func writesInPlace(_ engine: any Engine) throws {
        let context = try engine.compile(Self.twoByTwo(), inputShapes: Self.shapes).makeContext()
        func address(of tensor: Tensor) -> UInt? {
            tensor.floats?.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        }
        var outputs = context.network.makeOutputs()
        let before = address(of: outputs[1])
        try context.run(Self.tensors, into: &outputs)
        #expect(address(of: outputs[1]) == before)
    }

    /// With spans, wherever the caller has its elements.
    @Test(arguments: engines) func givesTheSameBitsAtAnyAddress(_ engine: any Engine) throws {
        for network in NetworkCase.architectures.prefix(engine is ReferenceEngine ? 1 : .max) {
            let graph = try network.graph()
            let compiled = try engine.compile(graph)
            guard compiled.inputs.count == 1, compiled.outputs.count == 1 else { continue }
            let context = try compiled.makeContext()
            let input = try #require(seededInputs(of: graph)[compiled.inputs[0].name])
            let expected = try #require(context.run([input])[0].floats)
            let pixels = try #require(input.floats)
            for offset in [1, 3, 7, 13] {
                let shifted = [Float](repeating: 0, count: offset) + pixels
                let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: offset + expected.count)
                defer { memory.deallocate() }
                memory.initialize(repeating: 0)
                let output = UnsafeMutableBufferPointer(rebasing: memory[offset...])
                var span = output.mutableSpan
                try context.run(shifted.span.extracting(offset...), into: &span)
                #expect(Array(output) == expected, "\(network) \(offset)")
            }
        }
    }

    @Test(arguments: engines) func refusesWhatDoesNotFit(_ engine: any Engine) throws {
        let graph = try Self.twoByTwo()
        #expect(throws: EngineError.self) { try engine.compile(graph) }
        for images in [Int.max / 2, 1 << 40] {
            let shape: Shape = [images, 3]
            #expect(throws: EngineError.self) {
                try engine.compile(graph, inputShapes: ["first": shape, "second": shape])
            }
        }
        #expect(throws: EngineError.self) {
            try engine.compile(graph, inputShapes: ["first": [2, 3], "second": [3, 3]])
        }
        let context = try engine.compile(graph, inputShapes: Self.shapes).makeContext()
        #expect(throws: EngineError.self) { try context.run([]) }
        #expect(throws: EngineError.self) { try context.run([Self.tensors[0]]) }
        let wrong = Tensor(shape: [3, 2], [1, 2, 3, 4, 5, 6] as [Float])
        #expect(throws: EngineError.self) { try context.run([Self.tensors[0], wrong]) }
        let input = [Float](repeating: 0, count: 6)
        #expect(throws: EngineError.self) {
            var output = [Float](repeating: 0, count: 6)
            var span = output.mutableSpan
            try context.run(input.span, into: &span)
        }
    }

    @Test(arguments: engines) func tellHowLongLayersTake(_ engine: any Engine) throws {
        let context = try engine.compile(Self.twoByTwo(), inputShapes: Self.shapes).makeContext()
        let times = try context.layerTimes(of: Self.tensors, for: .zero)
        #expect(times.count == 2 && times.allSatisfy { $0 > .zero && $0 < .seconds(10) })
        #expect(throws: EngineError.self) { try context.layerTimes(of: [], for: .zero) }
    }

    @Test func sayWhoTheyAre() {
        #expect(ReferenceEngine().version == "reference")
        #expect(OneDNNEngine().version.hasPrefix("oneDNN 2."))
    }
}
