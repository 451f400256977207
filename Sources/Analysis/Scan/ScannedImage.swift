import Findings
import Slides

/// One image of a scan, with the spacing that its analysis goes by.
struct ScannedImage {
    let pyramid: Pyramid
    let spacing: RecordedSpacing

    /// - Parameter manifest: micrometres per pixel, trusted over the file's.
    init(_ pyramid: Pyramid, manifest: Double?, policy: PipelineDefinition.SpacingPolicy) {
        self.pyramid = pyramid
        spacing = ScanAnalyser.spacing(of: pyramid, manifest: manifest, policy: policy)
    }

    /// In its file.
    var number: Int { pyramid.levels[0].image }

    var description: Scan.Image {
        Scan.Image(
            width: pyramid.width, height: pyramid.height, levels: pyramid.levels.count, spacing: spacing,
            format: pyramid.summary)
    }

    /// What a finding says of its image, where that is not the one that describes the scan.
    var measurements: [String: Double] {
        var measurements = [
            "image_width_px": Double(pyramid.width), "image_height_px": Double(pyramid.height),
        ]
        measurements["image_spacing_um_px"] = spacing.micrometresPerPixel
        return measurements
    }

    func requirePlausibleSpacing() throws(AnalysisFailure) {
        guard let value = spacing.micrometresPerPixel, !RecordedSpacing.plausible.contains(value) else { return }
        throw AnalysisFailure(
            stage: .open, code: .unsupported,
            message: "no scan has a spacing of \(value) um/px: is it in micrometres per pixel?")
    }
}
