import Analysis
import Findings
import Foundation
import NeuralNetworks
import Testing

/// The raw heads of YOLOs, in each way in which they are exported.
@Suite struct GridDetectionTests {
    /// How the grids lie in the outputs.
    enum Form: String, Sendable, CaseIterable { case maps, mapsChannelsLast, anchors, list }

    private static let cell = 4
    private static let side = 64
    /// Width and height of an object by its marker's kind, and the marker's colour.
    private static let kinds: [(width: Int, height: Int, colour: [UInt8], sure: ObjectNetwork.Channel)] = [
        (12, 16, [255, 255, 0], [0, 400, 0, -380]), (20, 10, [255, 0, 255], [0, 0, 400, -380]),
        (16, 24, [255, 0, 0], [400, -400, -400, -380]), (8, 8, [0, 0, 0], [-400, -400, -400, 20]),
    ]

    /// Numbers of an anchor of each cell: middle, size, objectness, two classes of which the second is more probable.
    private static func numbers(_ kind: Int, middle: Float = 0, sizes: (Float, Float) = (0, 0)) -> [ObjectNetwork
        .Channel]
    {
        [middle, middle, sizes.0, sizes.1].map { [0, 0, 0, $0] } + [kinds[kind].sure, [0, 0, 0, -3], [0, 0, 0, 20]]
    }

    /// Two grids of two anchors each.
    private static func graph(_ form: Form) throws -> Graph {
        let heads = [("answer", numbers(0) + numbers(1)), ("coarse", numbers(2) + numbers(3))]
        let base = try ObjectNetwork(reduction: cell, side: side, channelsLast: form == .mapsChannelsLast).graph(heads)
        if [.maps, .mapsChannelsLast].contains(form) { return base }
        var (nodes, initializers) = (base.nodes, base.initializers)
        let cells = side / cell
        initializers["split"] = Tensor(shape: [5], [1, 2, 7, cells, cells].map(Int64.init))
        initializers["rows"] = Tensor(shape: [3], [1, -1, 7].map(Int64.init))
        for (name, _) in heads {
            guard let last = nodes.lastIndex(where: { $0.outputs == [name] }) else { continue }
            nodes[last].outputs = ["\(name)-map"]
            nodes.append(
                Graph.Node(
                    name: "\(name)-split", operation: Reshape(), inputs: ["\(name)-map", "split"],
                    outputs: ["\(name)-split"]))
            nodes.append(
                Graph.Node(
                    name: "\(name)-turned", operation: Transpose(permutation: [0, 1, 3, 4, 2]),
                    inputs: ["\(name)-split"], outputs: [form == .anchors ? name : "\(name)-turned"]))
            if form == .list {
                nodes.append(
                    Graph.Node(
                        name: "\(name)-rows", operation: Reshape(), inputs: ["\(name)-turned", "rows"],
                        outputs: ["\(name)-rows"]))
            }
        }
        if form == .list {
            nodes.append(
                Graph.Node(
                    name: "list", operation: Concatenation(axis: 1), inputs: ["answer-rows", "coarse-rows"],
                    outputs: ["answer"]))
        }
        return try Graph(
            name: "grids", inputs: base.inputs, outputs: form == .list ? Array(base.outputs.prefix(1)) : base.outputs,
            initializers: initializers, nodes: nodes)
    }

    private static func picture(_ kinds: Range<Int>) -> (picture: Rectangles, boxes: Set<Finding.Box>) {
        var picture = Rectangles(width: 150, height: 110)
        var boxes: Set<Finding.Box> = []
        for (index, place) in [(20, 24), (60, 60), (100, 16), (120, 80), (24, 80), (64, 20), (92, 48)].enumerated() {
            let kind = Self.kinds[kinds.lowerBound + index % kinds.count]
            let (x, y) = place
            picture.rectangles.append((Finding.Box(x: x, y: y, width: cell, height: cell), kind.colour))
            boxes.insert(
                Finding.Box(
                    x: x + 2 - kind.width / 2, y: y + 2 - kind.height / 2, width: kind.width, height: kind.height))
        }
        return (picture, boxes)
    }

    private static func objects(_ graph: Graph, _ output: String, _ input: String = "", _ picture: Rectangles) throws
        -> [Finding]
    {
        let pipeline = try HandmadePipeline([
            .init(
                graph: graph, task: "detection", input: "name: image, normalisation: { method: scale }\(input)",
                output: "form: grid, activation: sigmoid, classes: [other, cell], \(output)", stage: ", overlap: 32")
        ])
        _ = try TestTensors(pipeline.load(), directory: pipeline.folder.path).write()
        try pipeline.load().verify()
        return try pipeline.result(of: picture).findings.filter { $0.kind == .object }
    }

    @Test(arguments: Form.allCases, ["yolov3", "yolov5"])
    func areDecoded(form: Form, code: String) throws {
        let (picture, boxes) = Self.picture(0..<4)
        let anchors = Self.kinds.map { "\($0.width), \($0.height)" }.joined(separator: ", ")
        let grids = form == .list ? "strides: [4, 4]" : "grids: [coarse]"
        let objects = try Self.objects(
            Self.graph(form), "box-code: \(code), anchors: [\(anchors)], \(grids)",
            form == .mapsChannelsLast ? ", layout: NHWC" : "", picture)
        #expect(Set(objects.map(\.box)) == boxes && objects.count == boxes.count)
        #expect(objects.allSatisfy { $0.label == "cell" && $0.confidence > 0.99 })
    }

    @Test func areDecodedWithoutAnchors() throws {
        let (picture, boxes) = Self.picture(0..<1)
        let numbers = Self.numbers(0, middle: 0.5, sizes: (logf(3), logf(4)))
        let graph = try ObjectNetwork(reduction: Self.cell, side: Self.side).graph([("answer", numbers)])
        let objects = try Self.objects(graph, "box-code: yolox", "", picture)
        #expect(Set(objects.map(\.box)) == boxes && objects.count == boxes.count)
    }

    @Test(arguments: [
        ("box-code: yolov5, anchors: [12, 16, 20], grids: [coarse]", "a width and a height in pixels for each anchor"),
        ("box-code: yolox, anchors: [12, 16]", "are none in the box-code yolox"),
        (
            "box-code: yolov5, anchors: [12, 16, 20, 10], grids: [coarse]",
            "grids of 1 anchor with 2 classes are 1x1xhxwx7"
        ),
        ("box-code: yolov5, anchors: [12, 16, 20, 10, 16, 24, 8, 8], grids: [fine]", "the card's `output.grids` names"),
        ("box-code: yolov5, anchors: [12, 16, 20, 10], strides: [0]", "whole pixels"),
        ("box-code: yolov8", "must be one of: yolov3, yolov5, yolox"),
    ])
    func cardsThatDoNotFitAreRefused(output: String, says: String) throws {
        let pipeline = try HandmadePipeline([
            .init(
                graph: Self.graph(.maps), task: "detection",
                output: "form: grid, activation: sigmoid, classes: [other, cell], \(output)", stage: ", overlap: 32")
        ])
        let error = try #require(throws: PipelineError.self) { try pipeline.load() }
        #expect(error.description.contains(says), "\(error)")
    }
}
