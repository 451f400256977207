import Findings
import Foundation
import NeuralNetworks

/// Networks that find what is drawn for them: an object is a marker of one cell whose red says that it is there, and whose green
/// and blue how large it is, in pixels.
struct ObjectNetwork {
    /// Pixels of a cell.
    var reduction = 1
    /// Of the input as the file declares it: nil for any.
    var side: Int?
    var channelsLast = false
    /// What comes after a head's convolution, by the output's name.
    var tails: [String: [any NeuralNetworks.Operator]] = [:]

    /// What red, green, blue (from 0 to 1) and 1 weigh in an output's channel.
    typealias Channel = [Float]

    /// A marker has 1 of red, and the ground 0.92.
    static let there: Channel = [400, 0, 0, -380]
    static let width: Channel = [0, 255, 0, 0]
    static let height: Channel = [0, 0, 255, 0]

    /// - Parameter heads: the outputs and the channels of each.
    func graph(_ heads: [(name: String, channels: [Channel])]) throws -> Graph {
        var nodes: [Graph.Node] = []
        var initializers: [String: Tensor] = [:]
        func add(_ operation: any NeuralNetworks.Operator, _ inputs: [String], _ output: String? = nil) -> String {
            let output = output ?? "value-\(nodes.count)"
            nodes.append(Graph.Node(name: output, operation: operation, inputs: inputs, outputs: [output]))
            return output
        }
        var trunk = "image"
        if channelsLast { trunk = add(Transpose(permutation: [0, 3, 1, 2]), [trunk]) }
        if reduction > 1 {
            let size = [reduction, reduction]
            trunk = add(AveragePooling(window: Window(kernelShape: size, strides: size)), [trunk])
        }
        for (name, channels) in heads {
            initializers["\(name)-weights"] = Tensor(
                shape: [channels.count, 3, 1, 1], channels.flatMap { $0.dropLast() })
            initializers["\(name)-bias"] = Tensor(shape: [channels.count], channels.map { $0[3] })
            var last = add(Convolution(window: Window()), [trunk, "\(name)-weights", "\(name)-bias"])
            for operation in tails[name] ?? [] { last = add(operation, [last]) }
            if channelsLast { last = add(Transpose(permutation: [0, 2, 3, 1]), [last]) }
            _ = add(Identity(), [last], name)
        }
        let sides: [Graph.Dimension] = side.map { [.fixed($0), .fixed($0)] } ?? [.symbolic("h"), .symbolic("w")]
        return try Graph(
            name: "objects",
            inputs: [
                Graph.Port(
                    name: "image", elementType: .float32,
                    dimensions: [.fixed(1)] + (channelsLast ? sides + [.fixed(3)] : [.fixed(3)] + sides))
            ],
            outputs: heads.map { Graph.Port(name: $0.name, elementType: .float32, dimensions: []) },
            initializers: initializers, nodes: nodes)
    }

    /// Chooses ten rows of six numbers, as what suppresses by itself does.
    static func chosenBoxes(tail: (any NeuralNetworks.Operator)? = nil) throws -> Graph {
        let base = try ObjectNetwork(side: 64).graph([("answer", [there, width, height])])
        var nodes =
            base.nodes.dropLast() + [
                Graph.Node(
                    name: "list", operation: Reshape(), inputs: [base.nodes.last?.inputs[0], "list-shape"],
                    outputs: ["list"]),
                Graph.Node(
                    name: "chosen", operation: TopElements(axis: 1), inputs: ["list", "ten"],
                    outputs: ["chosen", "places"]),
            ]
        nodes.append(
            Graph.Node(name: "answer", operation: tail ?? Identity(), inputs: ["chosen"], outputs: ["answer"]))
        var initializers = base.initializers
        initializers["list-shape"] = Tensor(shape: [3], [Int64(1), 2048, 6])
        initializers["ten"] = Tensor(shape: [1], [Int64(10)])
        return try Graph(
            name: "chosen", inputs: base.inputs, outputs: base.outputs, initializers: initializers, nodes: Array(nodes))
    }

    func centres() throws -> Graph {
        try graph([("answer", [Self.there]), ("sizes", [Self.width, Self.height])])
    }

    /// Circles, whose radius is a quarter more than the height says: no pixel's middle lies on an outline.
    func stars(rays: Int = 32) throws -> Graph {
        try graph([
            ("answer", [Self.there]), ("distances", [Channel](repeating: [0, 0, 255, 0.25], count: rays)),
        ])
    }

    /// The same, an object with a probability of a sigmoid of 1.5, and classes as an output of their own: nothing, small and large,
    /// whose logits are 0.2 times how far the width is from 9.8.
    func starsOfKinds(rays: Int = 32) throws -> Graph {
        try graph([
            ("answer", [[400, 0, 0, -398.5]]),
            ("distances", [Channel](repeating: [0, 0, 255, 0.25], count: rays)),
            ("kinds", [[-100, 0, 0, 0], [0, -0.2 * 255, 0, 0.2 * 9.8], [0, 0.2 * 255, 0, -0.2 * 9.8]]),
        ])
    }

    /// A list of `cxcywh` boxes, one for each pixel of a tile of 64, with the objectness where it is wanted and the classes'
    /// scores.
    static func boxes(
        columnsFirst: Bool = true, corners: DetectionCorners = .cxcywh, normalised: Bool = false,
        objectness: Bool = false,
        side: Int = 64, width: Channel = width
    ) throws -> Graph {
        let unit: Float = normalised ? 1 / Float(side) : 1
        func scaled(_ channel: Channel, by factor: Float) -> Channel { channel.map { $0 * factor * unit } }
        let zero: Channel = [0, 0, 0, 0]
        let extents: [Channel] =
            corners == .cxcywh
            ? [zero, zero, scaled(width, by: 1), scaled(height, by: 1)]
            : [
                scaled(width, by: -0.5), scaled(height, by: -0.5), scaled(width, by: 0.5),
                scaled(height, by: 0.5),
            ]
        let channels = extents + (objectness ? [there] : []) + [there]
        let base = try ObjectNetwork(side: side).graph([("answer", channels)])
        let places = (0..<side * side).map { (Float($0 % side) + 0.5, Float($0 / side) + 0.5) }
        let repeats = corners == .xyxy
        var positions = places.map { $0.0 * unit } + places.map { $0.1 * unit }
        positions += repeats ? positions : [Float](repeating: 0, count: 2 * places.count)
        positions += [Float](repeating: 0, count: (objectness ? 2 : 1) * places.count)
        var nodes = Array(base.nodes.dropLast())
        let last = nodes[nodes.count - 1].outputs[0]
        nodes.append(
            Graph.Node(
                name: "placed", operation: BinaryElementwise(.add), inputs: [last, "positions"], outputs: ["placed"]))
        nodes.append(
            Graph.Node(
                name: "listed", operation: Reshape(), inputs: ["placed", "list"],
                outputs: [columnsFirst ? "answer" : "listed"]))
        if !columnsFirst {
            nodes.append(
                Graph.Node(
                    name: "turned", operation: Transpose(permutation: [0, 2, 1]), inputs: ["listed"],
                    outputs: ["answer"]))
        }
        var initializers = base.initializers
        initializers["positions"] = Tensor(shape: [1, channels.count, side, side], positions)
        initializers["list"] = Tensor(shape: [3], [Int64(1), Int64(channels.count), Int64(side * side)])
        return try Graph(
            name: "boxes", inputs: base.inputs, outputs: base.outputs, initializers: initializers, nodes: nodes)
    }
}

enum DetectionCorners: String { case cxcywh, xyxy }

/// Markers for ``ObjectNetwork``, at places that a seed gives.
struct Markers {
    /// The cell's upper left corner, and what green and blue say.
    let objects: [(x: Int, y: Int, width: Int, height: Int)]
    let picture: Rectangles

    /// - Parameters:
    ///   - cell: side of a marker.
    ///   - sizes: of the objects; they do not overlap each other.
    init(width: Int, height: Int, cell: Int = 1, sizes: ClosedRange<Int>, count: Int, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var objects: [(x: Int, y: Int, width: Int, height: Int)] = []
        for _ in 0..<count * 20 where objects.count < count {
            // Even, so that they end on whole pixels.
            let size = (0..<2).map { _ in Int.random(in: sizes, using: &generator) / 2 * 2 + cell % 2 }
            let x = Int.random(in: 0..<width / cell, using: &generator) * cell
            let y = Int.random(in: 0..<height / cell, using: &generator) * cell
            let meets = objects.contains { other in
                abs(other.x - x) < (other.width + size[0]) / 2 + 3 * cell
                    && abs(other.y - y) < (other.height + size[1]) / 2 + 3 * cell
            }
            if !meets { objects.append((x, y, size[0], size[1])) }
        }
        self.objects = objects.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
        picture = Rectangles(
            width: width, height: height,
            rectangles: objects.map {
                (
                    Finding.Box(x: $0.x, y: $0.y, width: cell, height: cell),
                    [255, UInt8($0.width), UInt8($0.height)]
                )
            })
    }

    /// The box around the middle of each cell, cut at the scan's edges.
    func boxes(cell: Int = 1) -> Set<Finding.Box> {
        Set(
            objects.map { object in
                func range(_ start: Int, _ length: Int, _ limit: Int) -> Range<Int> {
                    let first = Int((Double(start) + Double(cell) / 2 - Double(length) / 2).rounded())
                    return max(0, first)..<min(limit, first + length)
                }
                let columns = range(object.x, object.width, picture.width)
                let rows = range(object.y, object.height, picture.height)
                return Finding.Box(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
            })
    }
}
