import NeuralNetworks

/// What the shapes of a model's outputs tell of a detection.
struct DetectionDraft: Sendable {
    /// The output of scores.
    let scores: Graph.Port
    let classes: Int
    let layout: ModelInput.Layout
    /// Whether the scores only say that there is an object, for classes are an output of their own.
    private(set) var isOfOneChannel = false
    /// Lines of the card's `output`.
    private(set) var lines: [String] = []
    /// What could stand where these are open, by the key.
    private(set) var standIns: [String: String] = [:]

    private static let open = "\"\(StrictMapping.open)\""
    /// A star of fewer rays outlines nothing.
    private static let leastRays = 8

    /// - Parameters:
    ///   - outputs: with their shapes for one square image.
    ///   - function: the name of what makes an output's numbers probabilities; nil where nothing does.
    /// - Returns: nil where they are not those of a detection.
    init?(_ outputs: [(port: Graph.Port, shape: Shape)], function: (Graph.Port) -> String?) {
        if outputs.count == 1, outputs[0].shape.rank == 3 {
            let (port, shape) = outputs[0]
            // As many rows as columns are a map.
            let columns = min(shape[1], shape[2])
            guard shape[1] != shape[2], columns > 4 else { return nil }
            (scores, classes, layout) = (port, columns - 4, .nchw)
            lines = [
                "form: boxes", "box: \(Self.open)", "box-unit: \(Self.open)",
                "# With an objectness there is one class less.", "objectness: \(Self.open)",
            ]
            return
        }
        if outputs.allSatisfy({ $0.shape.rank == 5 && $0.shape[4] > 5 }) {
            let shape = outputs[0].shape
            (scores, classes, layout) = (outputs[0].port, shape[4] - 5, shape[1] == shape[2] ? .nhwc : .nchw)
            let others = outputs.dropFirst().map { "\"\($0.port.name)\"" }.joined(separator: ", ")
            let anchors = shape[layout == .nchw ? 1 : 3]
            standIns["anchors"] =
                "[\([String](repeating: "8", count: 2 * anchors * outputs.count).joined(separator: ", "))]"
            lines = [
                "form: grid", "grids: [\(others)]", "box-code: \(Self.open)",
                "# Width and height in pixels of each anchor, grid after grid.", "anchors: [\(Self.open)]",
            ]
            return
        }
        guard (2...3).contains(outputs.count), outputs.allSatisfy({ $0.shape.rank == 4 }) else { return nil }
        let isLast =
            outputs.allSatisfy { $0.shape[1] == $0.shape[2] } && outputs.contains { $0.shape[3] != $0.shape[1] }
        layout = isLast ? .nhwc : .nchw
        let maps = outputs.map { (port: $0.port, channels: isLast ? $0.shape[3] : $0.shape[1]) }
        guard Set(outputs.map { isLast ? $0.shape[1] : $0.shape[2] }).count == 1 else { return nil }
        if maps.count == 2, let rays = maps.firstIndex(where: { $0.channels >= Self.leastRays }),
            maps[1 - rays].channels < maps[rays].channels
        {
            (scores, classes) = (maps[1 - rays].port, maps[1 - rays].channels)
            lines = [
                "form: star-convex", "distances: \"\(maps[rays].port.name)\"", "distance-unit: \(Self.open)",
                "cell-position: \(Self.open)",
            ]
            return
        }
        if let head = Self.starsOfClasses(maps, function) {
            (scores, classes, isOfOneChannel) = (head.scores, head.classes.channels, true)
            lines = [
                "form: star-convex", "distances: \"\(head.distances.name)\"", "distance-unit: \(Self.open)",
                "cell-position: \(Self.open)", "class-scores: \"\(head.classes.port.name)\"",
                "class-activation: \(function(head.classes.port) == nil ? Self.open : "none")",
                "# Of StarDist, the first of the classes.", "background: \(Self.open)",
            ]
            return
        }
        // With two classes, all have two channels: the heat is the first.
        let heat = maps.firstIndex { $0.channels != 2 } ?? 0
        let pairs = maps.indices.filter { $0 != heat }.map { maps[$0] }
        guard pairs.allSatisfy({ $0.channels == 2 }) else { return nil }
        (scores, classes) = (maps[heat].port, maps[heat].channels)
        lines = ["form: centres"]
        if pairs.count == 1 {
            lines.append("sizes: \"\(pairs[0].port.name)\"")
        } else {
            (standIns["sizes"], standIns["offsets"]) = ("\"\(pairs[0].port.name)\"", "\"\(pairs[1].port.name)\"")
            lines += [
                "# One of each: \(pairs.map(\.port.name).joined(separator: ", "))", "sizes: \(Self.open)",
                "offsets: \(Self.open)",
            ]
        }
    }

    /// Star-convex outlines whose classes are an output of their own: one channel, the rays, the classes. What ends in a softmax is
    /// of the classes; else the rays are the more.
    private static func starsOfClasses(
        _ maps: [(port: Graph.Port, channels: Int)], _ function: (Graph.Port) -> String?
    ) -> (scores: Graph.Port, distances: Graph.Port, classes: (port: Graph.Port, channels: Int))? {
        guard maps.count == 3, let first = maps.firstIndex(where: { $0.channels == 1 }) else { return nil }
        let others = maps.indices.filter { $0 != first }.map { maps[$0] }.sorted { $0.channels < $1.channels }
        let probable = others.firstIndex { function($0.port)?.hasSuffix("Softmax") == true } ?? 0
        let (classes, rays) = (others[probable], others[1 - probable])
        guard classes.channels > 1, rays.channels >= leastRays else { return nil }
        return (maps[first].port, rays.port, classes)
    }
}
