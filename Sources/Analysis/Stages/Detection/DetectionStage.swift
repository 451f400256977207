import Findings
import Imaging

/// Finds objects: every tile with tissue through the network, its answers decoded, and what two tiles or two cells found
/// of one object made one, as rows of tiles finish.
struct DetectionStage: Stage {
    let loaded: LoadedStage
    let network: TileNetwork
    let settings: StageDefinition.Detection

    /// More in one scan are no objects.
    private static let maximumObjects = 5_000_000

    func run(on scan: StageScan, _ results: inout StageResults) throws(AnalysisFailure) {
        let grid = try scan.grid(overlap: loaded.definition.overlap)
        let tiles = DetectionTiles(grid, shared: sharedPixels)
        let parts = try SearchedParts(
            scan, grid, within: settings.within.flatMap { name in results.marked.first { $0.stage == name } })
        let probabilities = ClassProbabilities(loaded.model.card, stage: .detect)
        let decoder = loaded.objectDecoder(
            probabilities, threshold: settings.threshold, suppressionLimit: settings.suppressionLimit,
            scan.view.resolution)
        var suppression = ObjectSuppression(
            limit: settings.suppressionLimit, acrossClasses: loaded.suppressesAcrossClasses, reach: tiles.reach)
        var tally = DetectionTally()
        var objects: [DetectedObject] = []
        let resolution = scan.view.resolution
        let leastArea = Double(resolution.fullArea(settings.minimumAreaPixels))
        try OrderedTileMap(tileCount: grid.count, threadCount: scan.threads).run(
            makeWorker: { () throws(AnalysisFailure) in
                (
                    pixels: try scan.pixels(),
                    answers: try TileAnswers(network, height: grid.tileHeight, width: grid.tileWidth, stage: .detect)
                )
            },
            compute: { (worker, index) throws(AnalysisFailure) -> DecodedTile? in
                guard parts.contains(tile: index) else { return nil }
                let planes = try worker.pixels.planes(in: grid.window(of: index))
                return try decoder.objects(in: try worker.answers.answers(to: planes), of: tiles.tile(index))
            },
            consume: { (index, decoded) throws(AnalysisFailure) in
                do throws(ImagingError) {
                    if let decoded {
                        tally.include(decoded)
                        try suppression.add(decoded.candidates.filter { area(of: $0, resolution) >= leastArea })
                    }
                } catch {
                    throw AnalysisFailure(error, stage: .detect)
                }
                guard let row = tiles.completeRow(after: index) else { return }
                for candidate in suppression.settle(above: row) {
                    if let object = DetectedObject(candidate, resolution), parts.contains(object) {
                        objects.append(object)
                    }
                }
                guard objects.count <= Self.maximumObjects else {
                    throw AnalysisFailure(
                        stage: .detect, code: .limit,
                        message:
                            "the network found more than \(Self.maximumObjects) objects: raise the stage's threshold")
                }
            })
        results.remarks += try tally.remarks(stage: loaded.definition.name)
        objects.sort(by: DetectedObject.precedes)
        results.detected.append(
            DetectedObjects(
                stage: loaded.definition.name, output: loaded.model.card.output, decoder: probabilities,
                objects: objects, searchedArea: parts.area))
    }

    /// Boxes of a list may have their middles a little elsewhere in each tile; cells are the same in all.
    private var sharedPixels: Int {
        let quarter = loaded.definition.overlap / 4
        let reduction = loaded.contract.reduction
        if loaded.model.card.output.detection?.leadingColumns != nil { return quarter }
        return min(quarter, 2 * reduction) / reduction * reduction
    }

    /// In pixels of level 0.
    private func area(of candidate: ObjectCandidate, _ resolution: WorkingResolution) -> Double {
        if let pixels = candidate.pixels { return Double(pixels.pixelCount) }
        let scale = Double(resolution.fullWidth) / Double(resolution.width) * Double(resolution.fullHeight)
        // As near as the boxes themselves are.
        return (Double(candidate.bounds.area) * scale / Double(resolution.height)).rounded()
    }
}
