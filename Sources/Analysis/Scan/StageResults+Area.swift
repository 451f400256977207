import Findings
import Imaging
import Slides

extension StageResults {
    /// Drops the regions that a stage marked for the most part outside of what is analysed.
    mutating func keepRegions(within area: TissueMask, of stage: String) throws(AnalysisFailure) {
        guard marked.last?.stage == stage, let last = marked.popLast() else { return }
        var kept: [MarkedRegion] = []
        for region in last.regions {
            let runs = try region.pixels().runs
            let inside = runs.reduce(0.0) { sum, run in
                let window = PixelWindow(x: run.start, y: run.row, width: run.length, height: 1)
                return sum + area.share(in: window) * Double(run.length)
            }
            if inside >= Double(region.area) / 2 { kept.append(region) }
        }
        marked.append(
            MarkedStructures(
                stage: last.stage, classes: last.classes, structureCount: last.structureCount, decoder: last.decoder,
                regions: kept))
    }
}
