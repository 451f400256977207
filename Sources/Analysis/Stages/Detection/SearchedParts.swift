import Findings
import Imaging
import Slides

/// Which parts of a scan a detection looks at: the tissue, or the regions that an earlier stage marked.
///
/// Decides by an object's own place, not by its tile's, so that what is found does not depend on the tiles.
struct SearchedParts: Sendable {
    private let scan: StageScan
    private let grid: TileGrid
    /// The regions' pixels; nil where all tissue is searched.
    private let regions: RunLengths?
    private let markedTiles: Set<Int>
    /// In pixels of level 0.
    let area: Double

    init(_ scan: StageScan, _ grid: TileGrid, within structures: MarkedStructures?) throws(AnalysisFailure) {
        self.scan = scan
        self.grid = grid
        guard let structures else {
            let resolution = scan.view.resolution
            regions = nil
            markedTiles = []
            area = scan.tissue.share * Double(resolution.fullWidth) * Double(resolution.fullHeight)
            return
        }
        var parts = RegionGrades(grid: grid, fullWindow: scan.view.resolution.fullWindow)
        var runs: [PixelRun] = []
        for region in structures.regions {
            let pixels = try region.pixels()
            parts.add(pixels)
            runs += pixels.runs
        }
        let joined = RunLengths(joining: runs)
        regions = joined
        markedTiles = Set(parts.markedPixels.keys)
        area = Double(joined.pixelCount)
    }

    func contains(tile: Int) -> Bool {
        regions == nil ? scan.tissueShare(of: tile, in: grid) > 0 : markedTiles.contains(tile)
    }

    /// An object counts where its box touches tissue, or its centre lies in a region.
    func contains(_ object: DetectedObject) -> Bool {
        guard let regions else {
            let box = object.box
            return scan.tissue.share(in: PixelWindow(x: box.x, y: box.y, width: box.width, height: box.height)) > 0
        }
        return regions.contains(x: Int(object.centroid.x), y: Int(object.centroid.y))
    }
}
