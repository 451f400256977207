/// How a detection network says where objects are, as its card's `output` tells: by which further outputs, and in which units.
public enum DetectionForm: Sendable, Hashable {
    /// Heat maps of the objects' centres (Zhou, Wang and Krähenbühl, "Objects as Points", 2019): `[N, K, h, w]`.
    case centres(Centres)
    /// A list of boxes with a score for each class: `[N, A, 4 + K]` or `[N, 4 + K, A]`, with an objectness one column more.
    case boxes(Boxes)
    /// The grids that such a list is made from, as YOLO's heads give them.
    case grid(Grid)
    /// A probability and radial distances for each cell (Schmidt et al., "Cell Detection with Star-Convex Polygons",
    /// MICCAI 2018): `[N, K, h, w]` and `[N, R, h, w]`; of several classes also `[N, 1, h, w]`, `[N, R, h, w]` and `[N, K, h, w]`.
    case starConvex(StarConvex)

    public struct Centres: Sendable, Hashable {
        /// Output `[N, 2, h, w]`: width and height in pixels of the input.
        public let sizes: String
        /// Output `[N, 2, h, w]`: x and y in cells, from a cell's upper left corner; nil where objects lie in the cells' middles.
        public let offsets: String?
    }

    public struct Boxes: Sendable, Hashable {
        public enum Corners: String, Sendable, Hashable, CaseIterable { case cxcywh, xyxy }
        public enum Unit: String, Sendable, Hashable, CaseIterable { case pixels, normalised }

        public let corners: Corners
        public let unit: Unit
        /// Whether the fifth column is how sure it is that there is an object at all.
        public let hasObjectness: Bool

        /// What the boxes of decoded grids are.
        static let ofGrid = Boxes(corners: .cxcywh, unit: .pixels, hasObjectness: true)

        /// Columns before those of the classes.
        var leadingColumns: Int { hasObjectness ? 5 : 4 }
    }

    public struct StarConvex: Sendable, Hashable {
        public enum Unit: String, Sendable, Hashable, CaseIterable { case pixels, cells }
        /// Where the rays of a cell begin.
        public enum Position: String, Sendable, Hashable, CaseIterable {
            /// At the middle of the cell's first pixel, for StarDist samples every g-th pixel from the first on.
            case firstPixel = "first-pixel"
            case middle
        }

        /// An output `[N, K, h, w]` that says which class an object is of, where the first, `[N, 1, h, w]`, says whether there is one.
        public struct ClassHead: Sendable, Hashable {
            public let scores: String
            /// What makes probabilities of them that sum to 1.
            public let activation: Activation

            public enum Activation: String, Sendable, Hashable, CaseIterable { case none, softmax }
        }

        /// Output `[N, R, h, w]`: for ray k, at the angle 2 pi k / R from x to y (downwards), how far the outline is.
        public let distances: String
        public let unit: Unit
        public let position: Position
        /// Nil where the first output has a channel for each class.
        public let classHead: ClassHead?
    }

    /// Of star-convex outlines whose classes are an output of their own.
    var classHead: StarConvex.ClassHead? { if case .starConvex(let star) = self { star.classHead } else { nil } }

    /// Columns before those of the classes, of a list of boxes or what is made one.
    var leadingColumns: Int? {
        switch self {
        case .boxes(let boxes): boxes.leadingColumns
        case .grid: 5
        case .centres, .starConvex: nil
        }
    }

    /// What tells the outputs after the first apart, and their names.
    var furtherOutputs: [(role: String, name: String)] {
        switch self {
        case .centres(let centres): [("sizes", centres.sizes)] + (centres.offsets.map { [("offsets", $0)] } ?? [])
        case .boxes: []
        case .grid(let grid): grid.grids.enumerated().map { ("grid-\($0 + 2)", $1) }
        case .starConvex(let star):
            [("distances", star.distances)] + (star.classHead.map { [("class-scores", $0.scores)] } ?? [])
        }
    }
}

extension DetectionForm {
    private enum Word: String, CaseIterable {
        case centres, boxes, grid
        case starConvex = "star-convex"
    }

    /// - Parameter mapping: a card's `output`. Nil where it has problems, which the mapping then knows.
    init?(_ mapping: StrictMapping) {
        let word: Word? = mapping.word("form")
        switch word {
        case .centres:
            guard let sizes = mapping.string("sizes") else { return nil }
            self = .centres(
                Centres(sizes: sizes, offsets: mapping.has("offsets") ? mapping.string("offsets") : nil))
        case .boxes:
            let corners: Boxes.Corners? = mapping.word("box")
            let unit: Boxes.Unit? = mapping.word("box-unit", default: .pixels)
            let objectness = mapping.flag("objectness", default: false)
            guard let corners, let unit, let objectness else { return nil }
            self = .boxes(Boxes(corners: corners, unit: unit, hasObjectness: objectness))
        case .grid:
            guard let grid = Grid(mapping) else { return nil }
            self = .grid(grid)
        case .starConvex:
            let distances = mapping.string("distances")
            let unit: StarConvex.Unit? = mapping.word("distance-unit", default: .pixels)
            let position: StarConvex.Position? = mapping.word("cell-position", default: .firstPixel)
            guard let distances, let unit, let position else { return nil }
            var head: StarConvex.ClassHead?
            if mapping.has("class-scores") {
                let activation: StarConvex.ClassHead.Activation? = mapping.word(
                    "class-activation", default: StarConvex.ClassHead.Activation.none)
                guard let scores = mapping.string("class-scores"), let activation else { return nil }
                head = StarConvex.ClassHead(scores: scores, activation: activation)
            }
            self = .starConvex(StarConvex(distances: distances, unit: unit, position: position, classHead: head))
        case nil: return nil
        }
    }
}
