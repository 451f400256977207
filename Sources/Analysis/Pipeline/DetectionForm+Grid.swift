extension DetectionForm {
    /// The raw head of a YOLO: for each anchor of each cell a box, an objectness and the classes' scores, `[1, A, h, w, 5 + K]`,
    /// `[1, A (5 + K), h, w]`, or all grids in one list, `[1, N, 5 + K]`.
    public struct Grid: Sendable, Hashable {
        /// How numbers `t` of a cell are a box, with the cell's stride s and the anchor a.
        public enum Code: String, Sendable, Hashable, CaseIterable {
            /// x = (sigmoid(t) + cell) s, w = a exp(t) (Redmon and Farhadi, "YOLOv3", 2018).
            case yolov3
            /// x = (2 sigmoid(t) - 0.5 + cell) s, w = a (2 sigmoid(t))^2: YOLOv5 and YOLOv7.
            case yolov5
            /// x = (t + cell) s, w = s exp(t), without anchors (Ge et al., "YOLOX", 2021).
            case yolox

            var hasAnchors: Bool { self != .yolox }
        }

        public let code: Code
        /// Outputs of further grids, after the first.
        public let grids: [String]
        /// Pixels of a cell, of grids in one list; else the shapes tell.
        public let strides: [Int]
        /// Width and height in pixels of the input, by grid.
        public let anchors: [[Anchor]]

        public struct Anchor: Sendable, Hashable {
            public let width: Float
            public let height: Float
        }

        var anchorsOfCell: Int { code.hasAnchors ? anchors[0].count : 1 }

        /// - Parameter mapping: a card's `output`. Nil where it has problems, which the mapping then knows.
        init?(_ mapping: StrictMapping) {
            let code: Code? = mapping.word("box-code")
            let grids = mapping.has("grids") ? mapping.strings("grids") : []
            let strides = mapping.has("strides") ? mapping.doubles("strides")?.map { Int(exactly: $0) ?? 0 } : []
            let sides = mapping.has("anchors") ? mapping.doubles("anchors") : []
            guard let code, let grids, let strides, let sides else { return nil }
            guard strides.allSatisfy({ (1...1_024).contains($0) }), strides.isEmpty || grids.isEmpty else {
                mapping.report("strides", "are those of grids in one list: whole pixels, without further `grids`")
                return nil
            }
            let count = strides.isEmpty ? grids.count + 1 : strides.count
            guard code.hasAnchors ? !sides.isEmpty && sides.count % (2 * count) == 0 : sides.isEmpty else {
                mapping.report(
                    "anchors",
                    code.hasAnchors
                        ? "must be a width and a height in pixels for each anchor of each of the \(count) grids"
                        : "are none in the box-code \(code.rawValue)")
                return nil
            }
            guard sides.allSatisfy({ (0.1...10_000).contains($0) }) else {
                mapping.report("anchors", "must be from 0.1 to 10000 pixels")
                return nil
            }
            (self.code, self.grids, self.strides) = (code, grids, strides)
            let all = stride(from: 0, to: sides.count, by: 2).map {
                Anchor(width: Float(sides[$0]), height: Float(sides[$0 + 1]))
            }
            let each = all.count / count
            anchors = (0..<count).map { Array(all[$0 * each..<($0 + 1) * each]) }
        }
    }
}
