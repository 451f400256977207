import NeuralNetworks

/// What the shapes of a model's outputs tell of a detection.
struct DetectionDraft: Sendable {
    /// The output of scores.
    let scores: Graph.Port
    let classes: Int
    let layout: ModelInput.Layout
    /// Lines of the card's `output`.
    private(set) var lines: [String] = []

    private static let open = "\"\(StrictMapping.open)\""
    /// A star of fewer rays outlines nothing.
    private static let leastRays = 8

    /// - Parameter outputs: with their shapes for one square image.
    /// - Returns: nil where they are not those of a detection.
    init?(_ outputs: [(port: Graph.Port, shape: Shape)]) {
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
        // With two classes, all have two channels: the heat is the first.
        let heat = maps.firstIndex { $0.channels != 2 } ?? 0
        let pairs = maps.indices.filter { $0 != heat }.map { maps[$0] }
        guard pairs.allSatisfy({ $0.channels == 2 }) else { return nil }
        (scores, classes) = (maps[heat].port, maps[heat].channels)
        lines = ["form: centres"]
        if pairs.count == 1 {
            lines.append("sizes: \"\(pairs[0].port.name)\"")
        } else {
            lines += [
                "# One of each: \(pairs.map(\.port.name).joined(separator: ", "))", "sizes: \(Self.open)",
                "offsets: \(Self.open)",
            ]
        }
    }
}
