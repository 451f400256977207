import NeuralNetworks

extension ModelDraft {
    /// Tiles that a model loads with, whatever is filled in where its card is open.
    struct Trial: Sendable {
        /// Side of a tile.
        let tile: Int
        /// A quarter of what a tile answers for, or the most that there can be.
        let overlap: Int
        /// Whether the card must say what the answer lacks along the edges.
        let isCropOpen: Bool
    }

    /// What stands where a card is left open, in YAML.
    private static let standIns = [
        "architecture": "any", "licence": "any", "colour": "RGB", "normalisation": "{ method: scale }", "value": "1",
        "activation": "sigmoid", "class-activation": "softmax", "background": "none", "box": "cxcywh",
        "box-unit": "pixels", "objectness": "false", "box-code": "yolov5", "distance-unit": "pixels",
        "cell-position": "middle", "otherwise": "other",
    ]

    /// Holds the graph against its card as `pipeline check` will.
    ///
    /// - Throws: ``PipelineError`` with what no card could mend.
    func trial() throws(PipelineError) -> Trial {
        var failure: PipelineError?
        for side in sides {
            guard GraphFit.sides.contains(side) else {
                failure = PipelineError(
                    .unsupported, file: "\(name).onnx",
                    "takes \(side) x \(side) pixels, and a tile has from \(GraphFit.sides.lowerBound) to "
                        + "\(GraphFit.sides.upperBound) along a side")
                continue
            }
            do throws(PipelineError) {
                return try trial(side: side, crop: nil)
            } catch {
                failure = failure ?? error
            }
            // Where the graph does not tell: the least that a tile can answer for.
            guard task == .segmentation, let answer = answerSide, self.side == side, (side - answer) % 2 == 0 else {
                continue
            }
            if let found = try? trial(side: side, crop: (side - answer) / 2) { return found }
        }
        throw failure ?? PipelineError(.unsupported, file: "\(name).onnx", "takes no square image")
    }

    private func trial(side: Int, crop: Int?) throws(PipelineError) -> Trial {
        let card = try ModelCard(markdown: filled(crop: crop), file: "\(name).md")
        let contract = try TileContract(graph, card, side: side)
        return Trial(
            tile: side, overlap: min(contract.side / 4, TileContract.largestOverlap(of: contract.side)),
            isCropOpen: crop != nil)
    }

    /// The card with stand-ins.
    private func filled(crop: Int?) -> String {
        let standIns = Self.standIns.merging(detection?.standIns ?? [:]) { $1 }
        let named = card(nil).replacing(classNames(isOpen: true), with: classNames(isOpen: false))
        return named.replacing(/([a-z-]+): \[?"\?"\]?/) { match in
            "\(match.1): \(standIns[String(match.1)] ?? "\"?\"")"
        }.replacing("output:\n", with: "output:\n\(crop.map { "  crop: \($0)\n" } ?? "")", maxReplacements: 1)
    }
}
