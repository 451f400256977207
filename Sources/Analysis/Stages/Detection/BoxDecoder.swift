import Findings
import Imaging

/// Objects from a list of boxes with a score for each class, as YOLO exports give it, or from the grids that it is made from.
struct BoxDecoder: ObjectDecoder {
    let form: DetectionForm.Boxes
    let contract: TileContract
    let probabilities: ClassProbabilities
    let threshold: Float

    func objects(in answers: [[Float]], of tile: DetectionTile) throws(AnalysisFailure) -> DecodedTile {
        let classes = contract.output.classes.indices
        let columns = form.leadingColumns + classes.count
        let values = contract.boxColumns(
            answers, columns: columns, height: tile.window.height, width: tile.window.width)
        let count = values.count / columns
        let scores = try probabilities.pixels(Array(values[(form.leadingColumns * count)...]))
        let certain = form.hasObjectness ? try objectness(Array(values[4 * count..<5 * count])) : nil
        let scale: (x: Float, y: Float) =
            form.unit == .pixels ? (1, 1) : (Float(tile.window.width), Float(tile.window.height))
        var found = DecodedTile(scores: scores)
        for box in 0..<count {
            let factor = certain?[box] ?? 1
            var best: Int?
            for index in classes where index != contract.output.background {
                if best.map({ scores[index * count + box] > scores[$0 * count + box] }) ?? true { best = index }
            }
            guard let best, scores[best * count + box] * factor >= threshold else { continue }
            let bounds = bounds(
                (0..<4).map { values[$0 * count + box] * ($0 % 2 == 0 ? scale.x : scale.y) }, of: tile)
            let (x, y) = ((bounds.left + bounds.right) / 2, (bounds.top + bounds.bottom) / 2)
            guard x.isFinite, y.isFinite else {
                found.rejectImpossible()
                continue
            }
            guard tile.columns.contains(x), tile.rows.contains(y) else { continue }
            try found.add(
                ObjectCandidate(
                    classIndex: best, probabilities: classes.map { scores[$0 * count + box] * factor }, bounds: bounds,
                    x: x, y: y),
                in: tile)
        }
        return found
    }

    private func bounds(_ box: [Float], of tile: DetectionTile) -> ObjectCandidate.Bounds {
        let (left, top) = (Float(tile.window.x), Float(tile.window.y))
        switch form.corners {
        case .xyxy:
            return .init(left: left + box[0], top: top + box[1], right: left + box[2], bottom: top + box[3])
        case .cxcywh:
            return .init(
                left: left + box[0] - box[2] / 2, top: top + box[1] - box[3] / 2, right: left + box[0] + box[2] / 2,
                bottom: top + box[1] + box[3] / 2)
        }
    }

    private func objectness(_ values: [Float]) throws(AnalysisFailure) -> [Float] {
        if contract.output.activation == .none { return try probabilities.checkedEach(values) }
        return values.map { ClassProbabilities.sigmoid($0) }
    }
}
