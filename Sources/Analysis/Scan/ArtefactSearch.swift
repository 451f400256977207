import Findings
import FoundationEssentials
import Imaging
import Slides

/// The artefacts of one image: where they are, and what is said of them.
struct ArtefactSearch {
    private let areas: [(artefact: Artefact, mask: MaskImage)]
    private let pyramid: Pyramid
    private let spacing: RecordedSpacing
    private let scale: OverviewScale

    /// Pixels along a side of what is read at once for blur: of whole squares.
    private static let blockSide = 8 * BlurMeasure.side

    /// - Parameter tissue: as it was found on the overview.
    init(
        for artefacts: Set<Artefact>, in file: any ScanFile, _ pyramid: Pyramid, overview: RGBImage, tissue: TissueMask,
        spacing: RecordedSpacing
    ) throws(AnalysisFailure) {
        self.pyramid = pyramid
        self.spacing = spacing
        let whole = MaskImage(
            width: overview.width, height: overview.height,
            pixels: [Bool](repeating: true, count: overview.width * overview.height))
        let tissue = tissue.restricted(to: whole)
        scale = OverviewScale(x: tissue.downsampleX, y: tissue.downsampleY)
        let micrometres = (spacing.micrometresPerPixel ?? 1) * tissue.downsampleX
        let found = ArtefactAreas(overview: overview, tissue: tissue.mask, micrometresPerPixel: micrometres)
        var areas: [(artefact: Artefact, mask: MaskImage)] = []
        for artefact in Artefact.allCases where artefacts.contains(artefact) {
            let mask: MaskImage =
                switch artefact {
                case .pen: found.pen
                case .fold: found.fold
                case .bubble: found.bubble
                case .blur: try Self.blur(in: file, pyramid, tissue: tissue, spacing: spacing)
                }
            // Beside the tissue there is nothing to lose.
            areas.append((artefact, mask.intersected(with: tissue.mask)))
        }
        self.areas = areas
    }

    /// What is left, of the overview's size.
    var clean: MaskImage {
        let (width, height) = (areas[0].mask.width, areas[0].mask.height)
        let pixels = (0..<width * height).map { index in !areas.contains { $0.mask.pixels[index] } }
        return MaskImage(width: width, height: height, pixels: pixels)
    }

    /// Shares of the tissue, where there are any.
    func remark(tissue: TissueMask) -> String? {
        let pixels = Double(tissue.share) * Double(areas[0].mask.width * areas[0].mask.height)
        let shares = areas.compactMap { artefact, mask -> String? in
            let count = mask.foregroundCount
            return count == 0
                ? nil : "\(artefact.rawValue) \((Double(count) / max(1, pixels) * 1_000).rounded() / 10) %"
        }
        return shares.isEmpty ? nil : "left out of the tissue: " + shares.joined(separator: ", ")
    }

    /// - Parameter ordinal: of the first.
    func findings(from ordinal: Int, deliver: (Finding) -> Void) {
        var count = 0
        for (artefact, mask) in areas {
            for component in mask.components {
                guard let finding = finding(ordinal: ordinal + count, artefact, component) else { continue }
                deliver(finding)
                count += 1
            }
        }
    }

    /// Each pixel of the overview as the square of level 0 that it shows.
    private func finding(ordinal: Int, _ artefact: Artefact, _ component: RunLengths) -> Finding? {
        func place(_ position: Int, _ scale: Double, _ length: Int) -> Int {
            min(length, Int((Double(position) * scale).rounded()))
        }
        let runs = component.runs.flatMap { run -> [PixelRun] in
            let left = place(run.start, scale.x, pyramid.width)
            let right = place(run.end, scale.x, pyramid.width)
            let rows = place(run.row, scale.y, pyramid.height)..<place(run.row + 1, scale.y, pyramid.height)
            return right > left ? rows.map { PixelRun(row: $0, start: left, length: right - left) } : []
        }
        let pixels = RunLengths(joining: runs)
        guard let box = pixels.boundingBox else { return nil }
        let geometry = RegionGeometry(of: pixels)
        let area = pixels.pixelCount
        let micrometres = spacing.micrometresPerPixel
        return Finding(
            ordinal: ordinal, kind: .artefact, label: artefact.rawValue, confidence: 1, rawConfidence: 1,
            box: Finding.Box(x: box.x, y: box.y, width: box.width, height: box.height),
            centroid: Finding.Point(x: geometry.centroidX, y: geometry.centroidY), areaPixels: Int64(area),
            areaSquareMicrometres: micrometres.map { Double(area) * $0 * $0 }, probabilities: [], measurements: [:],
            geometry: Data(pixels.encoded()))
    }

    private static func blur(
        in file: any ScanFile, _ pyramid: Pyramid, tissue: TissueMask, spacing: RecordedSpacing
    ) throws(AnalysisFailure) -> MaskImage {
        let wanted = BlurMeasure.micrometresPerPixel / (spacing.micrometresPerPixel ?? BlurMeasure.micrometresPerPixel)
        let level = pyramid.level(atLeastAsFineAs: max(1, wanted))
        let shown = file.pixels(of: level)
        // Squares are held against each other: how they would look to people does not matter.
        let pixels = shown.stored?.source ?? shown
        func onMask(_ window: PixelWindow) -> PixelWindow {
            let (x, y) = (
                Double(pyramid.width) / level.extent.width / tissue.downsampleX,
                Double(pyramid.height) / level.extent.height / tissue.downsampleY
            )
            let left = Int((Double(window.x) * x).rounded())
            let top = Int((Double(window.y) * y).rounded())
            return PixelWindow(
                x: left, y: top, width: Int((Double(window.x + window.width) * x).rounded()) - left,
                height: Int((Double(window.y + window.height) * y).rounded()) - top)
        }
        var measure = BlurMeasure()
        for top in stride(from: 0, to: level.height, by: blockSide) {
            for left in stride(from: 0, to: level.width, by: blockSide) {
                let block = PixelWindow(
                    x: left, y: top, width: min(blockSide, level.width - left),
                    height: min(blockSide, level.height - top))
                let squares = Self.squares(in: block).filter { tissue.isMostly(onMask($0)) }
                guard !squares.isEmpty else { continue }
                let picture: RGBImage
                do throws(SlideError) { picture = try pixels.pixels(in: block) } catch {
                    throw AnalysisFailure(error, stage: .read)
                }
                for square in squares {
                    let inBlock = PixelWindow(
                        x: square.x - left, y: square.y - top, width: square.width, height: square.height)
                    measure.add(picture.cropped(to: inBlock), at: onMask(square))
                }
            }
        }
        let runs = measure.blurred.flatMap { window in
            window.width > 0
                ? (window.y..<window.y + window.height).map { PixelRun(row: $0, start: window.x, length: window.width) }
                : []
        }
        return MaskImage(width: tissue.mask.width, height: tissue.mask.height, painting: [RunLengths(joining: runs)])
    }

    /// Whole ones alone.
    private static func squares(in block: PixelWindow) -> [PixelWindow] {
        let side = BlurMeasure.side
        return stride(from: 0, through: block.height - side, by: side).flatMap { y in
            stride(from: 0, through: block.width - side, by: side).map { x in
                PixelWindow(x: block.x + x, y: block.y + y, width: side, height: side)
            }
        }
    }
}

extension TissueMask {
    /// - Parameter window: in pixels of the mask.
    fileprivate func isMostly(_ window: PixelWindow) -> Bool {
        guard window.width > 0, window.height > 0 else { return false }
        let left = Int(Double(window.x) * downsampleX)
        let top = Int(Double(window.y) * downsampleY)
        let size = (Double(window.width) * downsampleX, Double(window.height) * downsampleY)
        return share(in: PixelWindow(x: left, y: top, width: max(1, Int(size.0)), height: max(1, Int(size.1)))) > 0.5
    }
}
