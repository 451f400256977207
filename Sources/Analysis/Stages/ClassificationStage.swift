import Findings
import Imaging

/// Grades tiles: all with tissue, or those that hold regions of an earlier stage.
struct ClassificationStage: Stage {
    let loaded: LoadedStage
    let network: TileNetwork
    let settings: StageDefinition.Classification

    func run(on scan: StageScan, _ results: inout StageResults) throws(AnalysisFailure) {
        let definition = loaded.definition
        let grid = try scan.grid(overlap: definition.overlap)
        var parts = RegionGrades(grid: grid, fullWindow: scan.view.resolution.fullWindow)
        var shares: [[RegionGrades.Share]] = []
        for region in results.marked.first(where: { $0.stage == settings.within })?.regions ?? [] {
            shares.append(parts.add(try region.pixels()))
        }
        // The scan's grade is that of its structures; where none is marked, that of its tissue.
        let weights = scan.weights(of: grid, marked: parts)
        let grades = try grade(weights.keys.sorted(), of: grid, scan)
        if grades.count > StageScan.tilesThatMayLookAlike, Set(grades.values.map(\.raw)).count == 1 {
            throw AnalysisFailure(
                stage: .classify, code: .degenerateOutput,
                message: "the classification network answered the same for every tile")
        }
        let output = loaded.model.card.output
        if output.isMultiLabel, output.otherwise == nil,
            !grades.values.contains(where: { $0.calibrated.contains { $0 >= 0.5 } })
        {
            results.remarks.append(
                "stage \(definition.name): no class has a half or more in any tile, and the most probable one is the label: "
                    + "`output.otherwise` of the card names the rest")
        }
        results.graded.append(
            GradedTiles(
                stage: definition.name, settings: settings, output: output, grid: grid,
                resolution: scan.view.resolution,
                grades: grades, weights: weights, shares: shares))
    }

    /// - Parameter tiles: indices in the grid, ascending.
    private func grade(
        _ tiles: [Int], of grid: TileGrid, _ scan: StageScan
    ) throws(AnalysisFailure) -> [Int: TileGrade] {
        let decoder = ClassProbabilities(loaded.model.card, stage: .classify)
        var grades: [Int: TileGrade] = [:]
        try OrderedTileMap(tileCount: tiles.count, threadCount: scan.threads).run(
            makeWorker: { () throws(AnalysisFailure) in
                (
                    pixels: try scan.pixels(),
                    session: try TileSession(
                        network, height: grid.tileHeight, width: grid.tileWidth,
                        augmentation: loaded.definition.augmentation, stage: .classify)
                )
            },
            compute: { (worker, index) throws(AnalysisFailure) -> TileGrade in
                let planes = try worker.pixels.planes(in: grid.window(of: tiles[index]))
                return try decoder.tile(try worker.session.logits(for: planes))
            },
            consume: { (index, grade) throws(AnalysisFailure) in grades[tiles[index]] = grade })
        return grades
    }
}
