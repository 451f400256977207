import Findings
import Imaging
import Slides

/// The resolution that the networks see a scan at, and its way back to level 0.
struct WorkingResolution: Sendable, Hashable {
    /// Level 0.
    let fullWidth: Int
    let fullHeight: Int
    /// What the networks see.
    let width: Int
    let height: Int
    /// Pixels of level 0 along one that the networks see.
    let downsample: Double

    /// Spacings this near to the models' are taken as they are, and no others: what a network forgives in scans like those it
    /// was trained on, it need not forgive elsewhere. Shown the adenocarcinomas of another hospital a quarter too large, a U-Net
    /// that marks those of its own at any size has marked their stroma too.
    private static let toleratedRatios = 0.98...1.02
    /// Below this, more pixels would be invented than were scanned.
    private static let smallestDownsample = 0.2
    /// Of a tile's side, the smallest scan has one part in so many.
    private static let tilesPerSmallestScan = 8

    /// - Parameters:
    ///   - spacing: of the scan; what was assumed fits the models by assumption.
    ///   - modelSpacing: micrometres per pixel that the models were trained at; nil where unknown.
    /// - Throws: `unsupported` for a scan that is far too coarse for the models.
    init(of pyramid: Pyramid, spacing: RecordedSpacing, modelSpacing: Double?) throws(AnalysisFailure) {
        fullWidth = pyramid.width
        fullHeight = pyramid.height
        guard let modelSpacing, let value = spacing.micrometresPerPixel, spacing.source != .assumed,
            case let ratio = modelSpacing / value, !Self.toleratedRatios.contains(ratio)
        else {
            (width, height, downsample) = (pyramid.width, pyramid.height, 1)
            return
        }
        guard ratio >= Self.smallestDownsample else {
            throw AnalysisFailure(
                stage: .open, code: .unsupported,
                message: "a spacing of \(value) um/px is too coarse for models trained at \(modelSpacing) um/px")
        }
        width = max(1, Int((Double(pyramid.width) / ratio).rounded()))
        height = max(1, Int((Double(pyramid.height) / ratio).rounded()))
        downsample = ratio
    }

    /// Of what is seen as it is.
    init(width: Int, height: Int) {
        (fullWidth, fullHeight, self.width, self.height, downsample) = (width, height, width, height, 1)
    }

    /// - Parameter side: of the tiles that structures are marked in, in pixels.
    /// - Throws: `unsupported` for a scan of which the networks would see next to nothing: less than one of their receptive
    ///   fields, which are a part of a tile. It is no scan to grade, or its spacing is wrong.
    func requireRoom(forTiles side: Int) throws(AnalysisFailure) {
        let least = side / Self.tilesPerSmallestScan
        guard min(width, height) < least else { return }
        let spacing = downsample == 1 ? "" : ", which its spacing makes of \(fullWidth) x \(fullHeight)"
        throw AnalysisFailure(
            stage: .open, code: .unsupported,
            message: "the networks would see \(width) x \(height) pixels\(spacing): too few to grade, "
                + "\(least) a side are the least")
    }

    /// That the scan was resampled, where it was.
    var remark: String? {
        guard width != fullWidth || height != fullHeight else { return nil }
        return "the networks saw the scan at \(width) x \(height) pixels, the spacing that they were trained at"
    }

    /// The window of level 0 that a window of what the networks see shows.
    func fullWindow(_ window: PixelWindow) -> PixelWindow {
        let columns = fullRange(window.x..<window.x + window.width, length: width, fullLength: fullWidth)
        let rows = fullRange(window.y..<window.y + window.height, length: height, fullLength: fullHeight)
        return PixelWindow(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
    }

    /// Pixels of level 0 in an area of `pixels` that the networks see.
    func fullArea(_ pixels: Int) -> Int {
        Int((Double(pixels) * (Double(fullWidth) / Double(width)) * (Double(fullHeight) / Double(height))).rounded())
    }

    /// Neighbouring ranges stay neighbours: no pixel is lost or counted twice.
    private func fullRange(_ range: Range<Int>, length: Int, fullLength: Int) -> Range<Int> {
        guard length != fullLength else { return range }
        func position(_ position: Int) -> Int {
            Int((Double(position) * Double(fullLength) / Double(length)).rounded())
        }
        return position(range.lowerBound)..<max(position(range.lowerBound) + 1, position(range.upperBound))
    }
}
