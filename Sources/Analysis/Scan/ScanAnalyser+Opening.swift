import Findings
import Imaging
import Slides

extension AnalysisFailure {
    static let outlinesOfAnotherImage = AnalysisFailure(
        stage: .open, code: .unsupported, message: "the outlines given are of the first image")
    static let outlinesBesideImage = AnalysisFailure(
        stage: .open, code: .unsupported,
        message: "an outline lies wholly outside of the image: they are told in pixels of its full resolution")

    static func outlinesOfLowerResolution(by factor: Int) -> AnalysisFailure {
        AnalysisFailure(
            stage: .open, code: .unsupported,
            message:
                "the outlines lie beside the tissue, and \(factor) times as large on it: they are told in pixels of the "
                + "image's full resolution")
    }
}

extension ScanAnalyser {
    /// The manifest's spacing, else the file's, else what the policy says.
    static func spacing(
        of pyramid: Pyramid, manifest: Double?, policy: PipelineDefinition.SpacingPolicy
    ) -> RecordedSpacing {
        if let manifest { return RecordedSpacing(micrometresPerPixel: manifest, source: .manifest) }
        if let value = pyramid.spacing.micrometresPerPixel,
            let source = RecordedSpacing.Source(rawValue: pyramid.spacing.source.rawValue)
        {
            return RecordedSpacing(micrometresPerPixel: value, source: source)
        }
        return switch policy {
        case .refuse: .unknown
        case .assume(let value): RecordedSpacing(micrometresPerPixel: value, source: .assumed)
        }
    }

    /// What to know of a result that its numbers do not say.
    static func remarks(
        on file: any ScanFile, _ pyramid: Pyramid, spacing: RecordedSpacing
    ) throws(AnalysisFailure) -> [String] {
        var remarks: [String] = []
        if spacing.source == .assumed, let value = spacing.micrometresPerPixel, let complaint = pyramid.spacingComplaint
        {
            remarks.append("\(complaint); \(value) um/px was assumed")
        }
        remarks += pyramid.remarks
        do throws(SlideError) { remarks += try file.remarks(on: pyramid) } catch {
            throw AnalysisFailure(error, stage: .read)
        }
        return remarks
    }

    /// How near to tissue a scan came that has none.
    static func remark(onNoTissue saturation: TissueMask.Saturation) -> String {
        let percent = (saturation.shareAbove * 10_000).rounded() / 100
        return
            "no tissue: saturation reaches \(saturation.greatest) of 255, and tissue begins at \(saturation.threshold) "
            + "(tissue.minimum-saturation)"
            + (saturation.shareAbove > 0 ? "; \(percent) % have that, in pieces too small" : "")
    }
}
