import Findings
import Imaging
import Slides

/// What of an image is analysed, where not all of it is: within outlines, without artefacts.
struct AnalysedArea {
    let mask: TissueMask
    /// Why no tissue is left.
    let emptiness: String

    /// Nil for everything.
    init?(
        of pyramid: Pyramid, overview: RGBImage, _ scale: OverviewScale, within regions: RegionsOfInterest?,
        without artefacts: ArtefactSearch?
    ) {
        guard regions != nil || artefacts != nil else { return nil }
        var mask = TissueMask.everything(fullWidth: pyramid.width, fullHeight: pyramid.height, scale: scale)
        if let regions {
            mask = mask.restricted(
                to: regions.mask(
                    width: overview.width, height: overview.height, downsampleX: scale.x, downsampleY: scale.y))
        }
        if let artefacts { mask = mask.restricted(to: artefacts.clean) }
        self.mask = mask
        emptiness =
            artefacts == nil
            ? "no tissue within the outlines"
            : regions == nil ? "artefacts cover all tissue" : "artefacts cover all tissue within the outlines"
    }
}
