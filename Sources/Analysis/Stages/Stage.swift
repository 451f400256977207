import Findings
import Imaging
import Slides

/// One network's part in a pipeline: turns the tiles of a scan into what it finds there.
///
/// A stage knows tiles and how they are put together; what a network's numbers mean is its decoder's business
/// (``ClassProbabilities``, ``ObjectDecoder``).
protocol Stage: Sendable {
    /// Its network with settings, as the pipeline loaded it.
    var loaded: LoadedStage { get }

    /// Looks at a scan, and adds what it found to what the stages before it did.
    func run(on scan: StageScan, _ results: inout StageResults) throws(AnalysisFailure)
}

/// A scan as one stage sees it: at the spacing of its network, in the colours that it knows.
struct StageScan: Sendable {
    let view: ScanView
    let normalisation: FittedNormalisation
    let tissue: TissueMask
    /// How many tiles are computed at once.
    let threads: Int
    private let contract: TileContract
    /// All tissue, and the area that is analysed; nil where that is everything.
    private let beyond: (tissue: TissueMask, area: TissueMask)?

    /// - Parameters:
    ///   - tissue: that is analysed.
    ///   - beyond: all tissue, and the area that is analysed, where that is not everything.
    init(
        _ view: ScanView, _ stage: LoadedStage, normalisation: FittedNormalisation, tissue: TissueMask,
        beyond: (tissue: TissueMask, area: TissueMask)? = nil, threads: Int
    ) {
        self.beyond = beyond
        self.view = view
        self.normalisation = normalisation
        self.tissue = tissue
        self.threads = threads
        contract = stage.contract
    }

    /// The parts of the scan that a tile each answers for.
    func grid(overlap: Int) throws(AnalysisFailure) -> TileGrid {
        try view.grid(
            tileSize: contract.side, overlap: overlap, alignment: contract.alignment, shrinks: contract.isFlexible)
    }

    /// One thread's view of the scan.
    func pixels() throws(AnalysisFailure) -> TilePixels {
        try view.pixels(normalisation, contract)
    }

    /// How much of what a tile answers for is not glass, from 0 to 1.
    func tissueShare(of tile: Int, in grid: TileGrid) -> Double {
        tissue.share(in: view.resolution.fullWindow(grid.coveredWindow(of: tile)))
    }

    /// How much each tile counts: by the pixels that are marked in it or, where none is marked anywhere, by its share of tissue.
    func weights(of grid: TileGrid, marked: RegionGrades) -> [Int: Double] {
        guard marked.markedPixels.isEmpty else { return marked.markedPixels.mapValues(Double.init) }
        var weights: [Int: Double] = [:]
        for tile in 0..<grid.count {
            let share = tissueShare(of: tile, in: grid)
            if share > 0 { weights[tile] = share }
        }
        return weights
    }

    /// Tiles that a network may answer alike to the last bit, because they mirror each other in a drawing, say; more, and it
    /// answers one constant.
    static let tilesThatMayLookAlike = 4

    /// The share of tissue for tiles in which structures are marked: those next to the area that is analysed are seen too, so that what
    /// lies across its edge is whole.
    func tissueShareNearby(of tile: Int, in grid: TileGrid) -> Double {
        let share = tissueShare(of: tile, in: grid)
        guard share == 0, let beyond else { return share }
        let window = view.resolution.fullWindow(grid.coveredWindow(of: tile))
        let around = PixelWindow(
            x: window.x - window.width, y: window.y - window.height, width: 3 * window.width, height: 3 * window.height)
        return beyond.area.share(in: around) > 0 ? beyond.tissue.share(in: window) : 0
    }
}

/// What the stages of a pipeline found in a scan, in their order.
struct StageResults {
    var marked: [MarkedStructures] = []
    var graded: [GradedTiles] = []
    var detected: [DetectedObjects] = []
    /// What to know of what was found, one sentence each.
    var remarks: [String] = []
    var embedded: [EmbeddedParts] = []
}

/// The regions that a segmentation stage marked.
struct MarkedStructures {
    let stage: String
    let classes: [String]
    /// How many of the classes are structures.
    let structureCount: Int
    /// What the network's numbers meant.
    let decoder: ClassProbabilities
    /// In the order of listings.
    let regions: [MarkedRegion]
}

/// The grades that a classification stage gave.
struct GradedTiles {
    let stage: String
    let settings: StageDefinition.Classification
    /// What the probabilities are of.
    let output: ModelOutput
    let grid: TileGrid
    let resolution: WorkingResolution
    /// By the tile's index in the grid.
    let grades: [Int: TileGrade]
    /// How much each tile counts for the scan.
    let weights: [Int: Double]
    /// For each region of that stage, its part in each tile.
    let shares: [[RegionGrades.Share]]
}
