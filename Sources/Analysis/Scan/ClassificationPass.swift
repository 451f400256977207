import Findings
import Imaging

/// Grades tiles: the classes' probabilities for each tile that counts.
struct ClassificationPass {
    let network: TileNetwork
    let settings: PipelineDefinition.Classification
    let grid: TileGrid
    let threads: Int

    /// A tile's classes, in the card's order.
    struct Grade: Sendable {
        let calibrated: [Double]
        /// Before calibration: at temperature 1.
        let raw: [Double]
    }

    /// - Parameters:
    ///   - tiles: indices in the grid, ascending.
    ///   - pixels: makes one thread's view of the scan.
    /// - Returns: the grade of each of the tiles.
    func run(
        tiles: [Int], pixels: @Sendable () throws(AnalysisFailure) -> TilePixels
    ) throws(AnalysisFailure) -> [Int: Grade] {
        var grades: [Int: Grade] = [:]
        try OrderedTileMap(tileCount: tiles.count, threadCount: threads).run(
            makeWorker: { () throws(AnalysisFailure) in
                (
                    pixels: try pixels(),
                    session: try TileSession(
                        network, height: grid.tileHeight, width: grid.tileWidth,
                        augmentation: settings.augmentation, stage: .classify)
                )
            },
            compute: { (worker, index) throws(AnalysisFailure) -> Grade in
                let planes = try worker.pixels.planes(in: grid.window(of: tiles[index]))
                let logits = try worker.session.logits(for: planes)
                return Grade(
                    calibrated: Calibration.softmax(logits, temperature: network.card.temperature),
                    raw: Calibration.softmax(logits, temperature: 1))
            },
            consume: { (index, grade) throws(AnalysisFailure) in grades[tiles[index]] = grade })
        return grades
    }
}
