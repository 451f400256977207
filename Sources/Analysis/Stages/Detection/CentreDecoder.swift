import Findings
import Imaging

/// Objects from heat maps of their centres (Zhou, Wang and Krähenbühl, "Objects as Points", 2019): a peak is a cell that no
/// cell of the 3 x 3 around it exceeds.
struct CentreDecoder: ObjectDecoder {
    let form: DetectionForm.Centres
    let contract: TileContract
    let probabilities: ClassProbabilities
    let threshold: Float

    func objects(in answers: [[Float]], of tile: DetectionTile) throws(AnalysisFailure) -> DecodedTile {
        let heat = try probabilities.pixels(contract.planes(answers[0]))
        let sizes = contract.planes(answers[1], channels: 2)
        let offsets = form.offsets.map { _ in contract.planes(answers[2], channels: 2) }
        let map = CellMap(tile, reduction: contract.reduction)
        let classes = contract.output.classes.indices
        var found = DecodedTile(scores: heat)
        for y in map.ownRows {
            for x in map.ownColumns {
                let cell = y * map.columns + x
                for index in classes where index != contract.output.background {
                    let value = heat[index * map.count + cell]
                    guard value >= threshold, isPeak(heat, index * map.count, x, y, map) else { continue }
                    let offset = offsets.map { ($0[cell], $0[map.count + cell]) } ?? (0.5, 0.5)
                    // A centre lies in its cell, or a little beside it.
                    guard (-1...2).contains(offset.0), (-1...2).contains(offset.1) else {
                        found.rejectImpossible()
                        continue
                    }
                    let centreX = Float(tile.window.x) + (Float(x) + offset.0) * Float(map.reduction)
                    let centreY = Float(tile.window.y) + (Float(y) + offset.1) * Float(map.reduction)
                    let (halfWidth, halfHeight) = (sizes[cell] / 2, sizes[map.count + cell] / 2)
                    try found.add(
                        ObjectCandidate(
                            classIndex: index, probabilities: classes.map { heat[$0 * map.count + cell] },
                            bounds: .init(
                                left: centreX - halfWidth, top: centreY - halfHeight, right: centreX + halfWidth,
                                bottom: centreY + halfHeight),
                            x: Float(tile.window.x + x * map.reduction), y: Float(tile.window.y + y * map.reduction)),
                        in: tile)
                }
            }
        }
        return found
    }

    /// Of cells that are alike the first in reading order is the peak.
    private func isPeak(_ heat: [Float], _ plane: Int, _ x: Int, _ y: Int, _ map: CellMap) -> Bool {
        let value = heat[plane + y * map.columns + x]
        for row in max(0, y - 1)...min(map.rows - 1, y + 1) {
            for column in max(0, x - 1)...min(map.columns - 1, x + 1) {
                let other = heat[plane + row * map.columns + column]
                let isBefore = (row, column) < (y, x)
                if other > value || (isBefore && other == value) { return false }
            }
        }
        return true
    }
}
