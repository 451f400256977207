import Findings
import Imaging

/// Makes a vector of each region of an earlier stage, of each tile, or of the scan: the mean of those of its tiles, by what
/// each counts.
struct EmbeddingStage: Stage {
    let loaded: LoadedStage
    let network: TileNetwork
    let settings: StageDefinition.Embedding
    let vector: VectorShape

    func run(on scan: StageScan, _ results: inout StageResults) throws(AnalysisFailure) {
        let grid = try scan.grid(overlap: loaded.definition.overlap)
        let resolution = scan.view.resolution
        var parts = RegionGrades(grid: grid, fullWindow: resolution.fullWindow)
        let regions = results.marked.first { $0.stage == settings.within }?.regions ?? []
        var shares: [[RegionGrades.Share]] = []
        for region in regions { shares.append(parts.add(try region.pixels())) }
        let weights = regions.isEmpty && settings.unit == .region ? [:] : scan.weights(of: grid, marked: parts)
        let tiles = weights.keys.sorted()
        let vectors = try vectors(of: tiles, in: grid, scan)
        var embedded = EmbeddedParts(stage: loaded.definition.name, space: loaded.embeddingSpace, settings: settings)
        func add(_ place: EmbeddedParts.Place, _ weighted: [(tile: Int, weight: Double)]) {
            guard let mean = mean(weighted.compactMap { part in vectors[part.tile].map { ($0, part.weight) } }),
                let bytes = EmbeddingBlock.quantised(mean)
            else { return }
            embedded.add(bytes, of: place)
        }
        switch settings.unit {
        case .region:
            for (index, region) in regions.enumerated() {
                let box = region.boundingBox
                add(
                    .init(region: index, box: Finding.Box(x: box.x, y: box.y, width: box.width, height: box.height)),
                    shares[index].map { ($0.tile, Double($0.pixels)) })
            }
        case .tile:
            for tile in tiles {
                let window = resolution.fullWindow(grid.coveredWindow(of: tile))
                let box = Finding.Box(x: window.x, y: window.y, width: window.width, height: window.height)
                add(.init(region: nil, box: box), [(tile, 1)])
            }
        case .scan:
            let box = Finding.Box(x: 0, y: 0, width: resolution.fullWidth, height: resolution.fullHeight)
            add(.init(region: nil, box: box), tiles.map { ($0, weights[$0] ?? 0) })
        }
        results.embedded.append(embedded)
    }

    /// - Parameter tiles: indices in the grid, ascending.
    private func vectors(
        of tiles: [Int], in grid: TileGrid, _ scan: StageScan
    ) throws(AnalysisFailure) -> [Int: [Float]] {
        var vectors: [Int: [Float]] = [:]
        try OrderedTileMap(tileCount: tiles.count, threadCount: scan.threads).run(
            makeWorker: { () throws(AnalysisFailure) in
                (
                    pixels: try scan.pixels(),
                    session: try TileSession(
                        network, height: grid.tileHeight, width: grid.tileWidth,
                        augmentation: loaded.definition.augmentation, stage: .embed)
                )
            },
            compute: { (worker, index) throws(AnalysisFailure) -> [Float] in
                let planes = try worker.pixels.planes(in: grid.window(of: tiles[index]))
                return normalised(vector.vector(try worker.session.logits(for: planes)))
            },
            consume: { (index, vector) throws(AnalysisFailure) in vectors[tiles[index]] = vector })
        if vectors.count > StageScan.tilesThatMayLookAlike, Set(vectors.values).count == 1 {
            throw AnalysisFailure(
                stage: .embed, code: .degenerateOutput, message: "the network made the same vector of every tile")
        }
        return vectors
    }

    /// Of unit length; one that has no direction stays as it is.
    private func normalised(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return length > 0 ? vector.map { Float(Double($0) / length) } : vector
    }

    private func mean(_ weighted: [(vector: [Float], weight: Double)]) -> [Float]? {
        RegionGrades.weightedMean(weighted.map { ($0.vector.map(Double.init), $0.weight) })?.map { Float($0) }
    }
}
