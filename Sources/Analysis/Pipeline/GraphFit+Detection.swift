import NeuralNetworks

extension GraphFit {
    /// Holds a detection's outputs against each other and against the card.
    ///
    /// - Parameter tile: its side is known; what it is shrunk by, and how boxes lie, is found out.
    /// - Returns: false where something does not fit, which `problems` then says.
    mutating func fitDetection(_ tile: inout Tile) -> Bool {
        guard let form = card.output.detection else { return false }
        for (role, name) in form.furtherOutputs {
            guard let port = graph.outputs.first(where: { $0.name == name }) else {
                problems.append(
                    "the model has no output `\(name)`, which the card's `output.\(role.hasPrefix("grid-") ? "grids" : role)` names"
                )
                continue
            }
            if port.elementType != .float32 { problems.append("`\(name)` is \(port.elementType), not float32") }
        }
        if card.output.crop != nil { problems.append("the card's `output.crop` is for segmentations") }
        guard problems.isEmpty, let shapes = shapes(tile.side, tile.side, in: graph) else {
            if problems.isEmpty { problems.append("an output cannot be computed for a tile of \(tile.side)") }
            return false
        }
        switch form {
        case .boxes(let boxes): return fit(boxes, shapes[0], &tile)
        case .grid(let grid): return fitGrid(grid, shapes, &tile)
        case .centres, .starConvex: return fitMaps(form, shapes, &tile)
        }
    }

    /// Whether a tile of another size is answered alike.
    func detectionFits(_ height: Int, _ width: Int, _ tile: Tile) -> Bool {
        guard let form = card.output.detection, let shapes = shapes(height, width, in: graph) else { return false }
        if case .boxes(let boxes) = form {
            return shapes[0].rank == 3 && shapes[0][tile.boxesAreColumns ? 1 : 2] == columns(boxes)
        }
        if case .grid(let grid) = form {
            let found = GridShape(
                grid, shapes, classes: card.output.classes.count, height: height, width: width, card.output.layout)
            return found != nil && found == tile.grid
        }
        return shapes.allSatisfy { shape in
            size(shape).map { $0 == (height / tile.reduction, width / tile.reduction) } ?? false
        }
    }

    private func columns(_ boxes: DetectionForm.Boxes) -> Int { boxes.leadingColumns + card.output.classes.count }

    private mutating func fit(_ boxes: DetectionForm.Boxes, _ shape: Shape, _ tile: inout Tile) -> Bool {
        let columns = columns(boxes)
        guard shape.rank == 3, shape[0] == 1, shape[1] == columns || shape[2] == columns else {
            let raw = shape.rank > 3 ? "; of a raw grid the form is grid" : ""
            problems.append(
                "the output is \(shape), and boxes with \(card.output.classesInWords) are 1xAx\(columns) or 1x\(columns)xA: "
                    + "4 for the box\(boxes.hasObjectness ? ", 1 for the objectness" : "") and one for each class\(raw)"
            )
            return false
        }
        guard shape[1] != shape[2] else {
            problems.append(
                "the output is \(shape): which axis is that of the boxes cannot be told for a tile of \(tile.side)")
            return false
        }
        if graph.mayNumberClasses(card.output.name, columns: columns) {
            problems.append(GraphFit.numbersClasses)
            return false
        }
        tile.boxesAreColumns = shape[1] == columns
        return true
    }

    private mutating func fitMaps(_ form: DetectionForm, _ shapes: [Shape], _ tile: inout Tile) -> Bool {
        let names = card.output.names
        let head = form.classHead
        // Which of the outputs has a channel for each class.
        let ofClasses = head == nil ? 0 : 2
        let wanted: [String?] =
            switch form {
            case .centres(let centres):
                ["\(card.output.classes.count)", "2"] + (centres.offsets.map { _ in ["2"] } ?? [])
            case .starConvex:
                ["\(card.output.scoreChannels)", nil] + (head.map { _ in ["\(card.output.classes.count)"] } ?? [])
            case .boxes, .grid: []
            }
        for (index, shape) in shapes.enumerated() {
            let channels = channels(shape)
            let fits = wanted[index].map { $0 == "\(channels ?? 0)" } ?? (3...512).contains(channels ?? 0)
            if !fits {
                let what = wanted[index] ?? "3 to 512 (a ray each)"
                problems.append(
                    "the output `\(names[index])` is \(shape), and in the layout \(card.output.layout.rawValue) it must have "
                        + "\(what) channel\(what == "1" ? "" : "s")"
                        + (index == ofClasses
                            ? ", one for each of the card's classes" : index == 0 ? ", beside `class-scores`" : ""))
            }
        }
        if let head, head.activation == .softmax, let last = graph.lastFunction(of: head.scores) {
            problems.append(
                "the card's class-activation is softmax, but `\(head.scores)` is that of a \(last) already: it is none")
        }
        guard problems.isEmpty, let map = size(shapes[0]) else { return false }
        for (name, shape) in zip(names, shapes) where size(shape).map({ $0 != map }) ?? true {
            problems.append("the outputs `\(names[0])` (\(shapes[0])) and `\(name)` (\(shape)) are not of one size")
        }
        let reduction = map.height > 0 ? tile.side / map.height : 0
        guard map.height == map.width, reduction > 0, reduction * map.height == tile.side,
            isFraction(reduction, of: tile.side)
        else {
            problems.append(
                "the output has \(map.height) x \(map.width) cells for \(tile.side) x \(tile.side) pixels: it must be as large as the "
                    + "input or a whole part of it (convolutions padded, the tile a multiple of what it is shrunk by)")
            return false
        }
        guard TileContract.usualAlignment % reduction == 0 else {
            problems.append(
                "the output is \(reduction) times smaller than the input: only 1, 2, 4, 8, 16 and 32 are read")
            return false
        }
        tile.reduction = reduction
        return problems.isEmpty
    }

    /// Whether a larger input is answered at the same scale: an answer that lacks a border would be so only by chance.
    private func isFraction(_ reduction: Int, of side: Int) -> Bool {
        let next = side + 2 * TileContract.usualAlignment
        guard let larger = shapes(next, next, in: unfixed)?.first.flatMap(size) else { return true }
        return larger == (next / reduction, next / reduction)
    }

    private func channels(_ shape: Shape) -> Int? {
        guard shape.rank == 4, shape[0] == 1 else { return nil }
        return card.output.layout == .nchw ? shape[1] : shape[3]
    }

    private func size(_ shape: Shape) -> (height: Int, width: Int)? {
        guard shape.rank == 4, shape[0] == 1 else { return nil }
        return card.output.layout == .nchw ? (shape[2], shape[3]) : (shape[1], shape[2])
    }

    /// Of the outputs that the card names, in its order.
    private func shapes(_ height: Int, _ width: Int, in graph: Graph) -> [Shape]? {
        let channels = card.input.colour.channels
        let shape: Shape = card.input.layout == .nchw ? [1, channels, height, width] : [1, height, width, channels]
        var graph = graph
        let names = card.output.names
        graph.outputs.removeAll { !names.contains($0.name) }
        guard let types = try? graph.inferred(inputShapes: [card.input.name: shape]).types else { return nil }
        let shapes = names.compactMap { types[$0]?.shape }
        return shapes.count == names.count ? shapes : nil
    }
}
