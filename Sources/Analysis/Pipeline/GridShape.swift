import Glibc
import NeuralNetworks

/// How the numbers of a YOLO's raw grids lie in its outputs, and what they say of boxes.
struct GridShape: Sendable, Hashable {
    private enum Order {
        /// `[A, h, w, C]`, also of grids in one list.
        case anchors
        /// `[A, C, h, w]`
        case channels
        /// `[h, w, A, C]`
        case cells
    }

    private let form: DetectionForm.Grid
    private let order: Order
    /// Pixels of a cell, by grid.
    private let strides: [Int]
    /// Numbers of an anchor: a box, the objectness and the classes.
    private let columns: Int

    /// - Parameter shapes: of the outputs, for a tile of `height` x `width` pixels.
    /// - Returns: nil where they are none of grids with so many classes.
    init?(
        _ form: DetectionForm.Grid, _ shapes: [Shape], classes: Int, height: Int, width: Int,
        _ layout: ModelInput.Layout
    ) {
        (self.form, columns) = (form, 5 + classes)
        let anchors = form.anchorsOfCell
        guard shapes.allSatisfy({ $0[0] == 1 && $0.rank == shapes[0].rank }) else { return nil }
        if shapes[0].rank == 3 {
            let cells = form.strides.reduce(0) { $0 + height / $1 * (width / $1) }
            guard shapes.count == 1, cells > 0, shapes[0].dimensions == [1, anchors * cells, columns],
                form.strides.allSatisfy({ height % $0 == 0 && width % $0 == 0 })
            else { return nil }
            (order, strides) = (.anchors, form.strides)
            return
        }
        guard form.strides.isEmpty else { return nil }
        order = layout == .nhwc ? .cells : shapes[0].rank == 5 ? .anchors : .channels
        let columns = columns
        strides = shapes.compactMap { shape in
            let sides: (Int, Int)
            switch (shape.rank, layout) {
            case (5, .nchw) where shape[1] == anchors && shape[4] == columns: sides = (shape[2], shape[3])
            case (4, .nchw) where shape[1] == anchors * columns: sides = (shape[2], shape[3])
            case (5, .nhwc) where shape[3] == anchors && shape[4] == columns: sides = (shape[1], shape[2])
            case (4, .nhwc) where shape[3] == anchors * columns: sides = (shape[1], shape[2])
            default: return nil
            }
            guard sides.0 > 0, height % sides.0 == 0, width == height / sides.0 * sides.1 else { return nil }
            return height / sides.0
        }
        if strides.count != shapes.count { return nil }
    }

    /// The boxes of a tile as `[4 + 1 + K, N]`: middle and size in pixels, then objectness and classes as the network gives them.
    func boxes(_ answers: [[Float]], height: Int, width: Int) -> [Float] {
        let sizes = strides.map { (rows: height / $0, columns: width / $0) }
        let anchors = form.anchorsOfCell
        let total = sizes.reduce(0) { $0 + anchors * $1.rows * $1.columns }
        var boxes = [Float](repeating: 0, count: columns * total)
        var box = 0
        // In one list, grids follow each other.
        var start = 0
        for (grid, size) in sizes.enumerated() {
            let answer = answers.count > 1 ? answers[grid] : answers[0]
            let cells = size.rows * size.columns
            for anchor in 0..<anchors {
                for cell in 0..<cells {
                    func value(_ column: Int) -> Float {
                        switch order {
                        case .anchors: answer[start + (anchor * cells + cell) * columns + column]
                        case .channels: answer[(anchor * columns + column) * cells + cell]
                        case .cells: answer[(cell * anchors + anchor) * columns + column]
                        }
                    }
                    let place = (x: Float(cell % size.columns), y: Float(cell / size.columns))
                    let stride = Float(strides[grid])
                    let side = form.anchors.indices.contains(grid) ? form.anchors[grid].dropFirst(anchor).first : nil
                    boxes[box] = middle(value(0), place.x) * stride
                    boxes[total + box] = middle(value(1), place.y) * stride
                    boxes[2 * total + box] = extent(value(2)) * (side?.width ?? stride)
                    boxes[3 * total + box] = extent(value(3)) * (side?.height ?? stride)
                    for column in 4..<columns { boxes[column * total + box] = value(column) }
                    box += 1
                }
            }
            if answers.count == 1 { start += anchors * cells * columns }
        }
        return boxes
    }

    private func middle(_ number: Float, _ cell: Float) -> Float {
        switch form.code {
        case .yolov3: ClassProbabilities.sigmoid(number) + cell
        case .yolov5: 2 * ClassProbabilities.sigmoid(number) - 0.5 + cell
        case .yolox: number + cell
        }
    }

    private func extent(_ number: Float) -> Float {
        if form.code != .yolov5 { return expf(number) }
        let twice = 2 * ClassProbabilities.sigmoid(number)
        return twice * twice
    }
}

extension GraphFit {
    /// - Returns: false where the outputs are no such grids, which `problems` then says.
    mutating func fitGrid(_ form: DetectionForm.Grid, _ shapes: [Shape], _ tile: inout Tile) -> Bool {
        let classes = card.output.classes.count
        tile.grid = GridShape(
            form, shapes, classes: classes, height: tile.side, width: tile.side, card.output.layout)
        if tile.grid == nil {
            let (anchors, columns) = (form.anchorsOfCell, 5 + classes)
            problems.append(
                "the outputs are \(shapes.map(\.description).joined(separator: ", ")) for a tile of \(tile.side), and grids of "
                    + "\(anchors) anchor\(anchors == 1 ? "" : "s") with \(card.output.classesInWords) are 1x\(anchors)xhxwx\(columns) or "
                    + "1x\(anchors * columns)xhxw, whose cells are a whole part of the tile, or in one list, with the card's "
                    + "`output.strides`, 1xNx\(columns)")
        }
        return tile.grid != nil
    }
}
