import Findings
import Imaging

/// Marks structures: every tile with tissue through the network, the classes' probabilities stitched, and regions cut from
/// them as rows finish.
struct SegmentationStage: Stage {
    let loaded: LoadedStage
    let network: TileNetwork
    let settings: StageDefinition.Segmentation

    /// A tile that is not all glass.
    private struct SeenTile {
        /// `[K, tileHeight, tileWidth]`
        let probabilities: [Float]
        let tissueShare: Double
    }

    func run(on scan: StageScan, _ results: inout StageResults) throws(AnalysisFailure) {
        let card = loaded.model.card
        let grid = try scan.grid(overlap: loaded.definition.overlap)
        let decoder = ClassProbabilities(card, stage: .segment)
        var maps = try ClassMaps(card.output, settings, grid: grid, resolution: scan.view.resolution)
        var answers = SegmentationAnswers(classes: card.output.classes.count)
        var regions: [MarkedRegion] = []
        try OrderedTileMap(tileCount: grid.count, threadCount: scan.threads).run(
            makeWorker: { () throws(AnalysisFailure) in
                (
                    pixels: try scan.pixels(),
                    session: try TileSession(
                        network, height: grid.tileHeight, width: grid.tileWidth,
                        augmentation: loaded.definition.augmentation, stage: .segment)
                )
            },
            compute: { (worker, tile) throws(AnalysisFailure) -> SeenTile? in
                let share = scan.tissueShareNearby(of: tile, in: grid)
                guard share > 0 else { return nil }
                let planes = try worker.pixels.planes(in: grid.window(of: tile))
                let probabilities = try decoder.pixels(try worker.session.logits(for: planes))
                return SeenTile(
                    probabilities: PlaneEnlargement.enlarged(
                        probabilities, by: loaded.contract.reduction, toHeight: grid.tileHeight, width: grid.tileWidth),
                    tissueShare: share)
            },
            consume: { (tile, seen) throws(AnalysisFailure) in
                if let seen { answers.include(seen.probabilities, tissueShare: seen.tissueShare) }
                try maps.add(seen?.probabilities, tile: tile) { regions.append(MarkedRegion($1, classIndex: $0)) }
            })
        maps.finish { regions.append(MarkedRegion($1, classIndex: $0)) }
        try answers.refuseDegenerate(threshold: maps.sureThreshold, structures: maps.structures)
        regions.sort(by: MarkedRegion.precedes)
        results.marked.append(
            MarkedStructures(
                stage: loaded.definition.name, classes: card.output.classes,
                structureCount: maps.structures.count, decoder: decoder, regions: regions))
    }
}
