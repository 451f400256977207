import Findings
import Imaging
import Slides

/// Analyses scans by one pipeline: from the pixels of an open file to its findings.
///
/// Knows no database, no process and no other scan. The result depends on the scan's bytes, the pipeline and the
/// instruction set alone: not on the number of threads.
public final class ScanAnalyser: Sendable {
    public let pipeline: Pipeline
    private let formats: ScanFormats
    private let stages: [any Stage]
    private let tileThreads: Int
    /// Of each thread's reader, and of the one before them that looks at the scan as a whole.
    private let readerLimits: ReadingLimits

    /// Decoded strips that the readers of a scan keep, all threads together: they are as wide as the scan, and serve a row of
    /// windows.
    private static let cacheBytes = 96 << 20
    /// Decoded tiles that a reader keeps: those that a window shares with the next. Those of a row of windows would spare the
    /// next row some decoding, little beside what the networks take, and grow with the scan.
    private static let tileCacheBytes = 16 << 20

    /// - Parameters:
    ///   - tileThreads: how many tiles of a scan are computed at once.
    ///   - formats: that scans may have.
    /// - Throws: ``PipelineError`` where the engine cannot run a model.
    public init(
        pipeline: Pipeline, tileThreads: Int, formats: ScanFormats = .standard
    ) throws(PipelineError) {
        precondition(tileThreads > 0, "a scan is analysed by at least one thread")
        self.pipeline = pipeline
        self.formats = formats
        self.tileThreads = tileThreads
        var limits = pipeline.definition.reading
        limits.maximumCacheBytes = Self.cacheBytes / tileThreads
        limits.maximumTileCacheBytes = Self.tileCacheBytes
        readerLimits = limits
        stages = pipeline.stages.compactMap { stage -> (any Stage)? in
            let network = TileNetwork(stage, of: pipeline)
            return switch stage.definition.task {
            case .segmentation(let settings): SegmentationStage(loaded: stage, network: network, settings: settings)
            case .classification(let settings):
                ClassificationStage(loaded: stage, network: network, settings: settings)
            case .detection(let settings): DetectionStage(loaded: stage, network: network, settings: settings)
            case .embedding(let settings):
                // A contract of an embedding has a vector.
                stage.contract.vector.map {
                    EmbeddingStage(loaded: stage, network: network, settings: settings, vector: $0)
                }
            }
        }
    }

    /// - Parameters:
    ///   - spacing: micrometres per pixel from the manifest, which is trusted over the file's.
    ///   - regions: where to look in the image that describes the scan, and nowhere else; everywhere where there are none.
    ///   - deliver: takes the findings in order, each as it is made: a large scan has tens of thousands. Where the outcome
    ///     is a failure, those that came do not count.
    /// - Returns: an outcome without findings.
    public func analyse(
        _ scan: borrowing OpenedScan, spacing: Double?, regions: RegionsOfInterest? = nil, deliver: (Finding) -> Void
    ) -> (image: Scan.Image?, outcome: AnalysisOutcome) {
        var image: Scan.Image?
        do throws(AnalysisFailure) {
            let (source, file, pyramids) = try open(scan.files)
            let main = ScannedImage(pyramids[0], manifest: spacing, policy: pipeline.definition.spacing)
            try main.requirePlausibleSpacing()
            image = main.description
            let others = pyramids.dropFirst().map {
                ScannedImage($0, manifest: spacing, policy: pipeline.definition.spacing)
            }
            let result = try analyse(consume file, main, others, of: source, within: regions, deliver: deliver)
            try scan.checkUnchanged()
            return (image, .done(result))
        } catch {
            return (image, .failed(error))
        }
    }

    /// The same with all findings in the outcome.
    public func analyse(
        _ scan: borrowing OpenedScan, spacing: Double?, regions: RegionsOfInterest? = nil
    ) -> (image: Scan.Image?, outcome: AnalysisOutcome) {
        var findings: [Finding] = []
        let (image, outcome) = analyse(scan, spacing: spacing, regions: regions) { findings.append($0) }
        guard case .done(let result) = outcome else { return (image, outcome) }
        return (image, .done(result.with(findings)))
    }

    func open(
        _ files: ScanFiles
    ) throws(AnalysisFailure) -> (ScanSource, any ScanFile, [Pyramid]) {
        do throws(SlideError) {
            let source = try formats.source(files, limits: readerLimits)
            let file = try source.open()
            if file.isLabelImage {
                throw SlideError(.unsupported, "a label image that `export` wrote, not a scan")
            }
            return (source, file, try file.analysedPyramids())
        } catch {
            throw AnalysisFailure(error, stage: .open)
        }
    }

    /// The images one after the other. What cannot be looked at in one of the others is left out, and said.
    private func analyse(
        _ file: consuming any ScanFile, _ main: ScannedImage, _ others: [ScannedImage], of source: ScanSource,
        within regions: RegionsOfInterest?, deliver: (Finding) -> Void
    ) throws(AnalysisFailure) -> AnalysisResult {
        var count = 0
        var results = ImageResults(imagesInFile: file.pyramids.count, analysed: 1 + others.count)
        results.add(
            try analyse(consume file, main.pyramid, of: source, spacing: main.spacing, within: regions) { finding in
                deliver(finding)
                count += 1
            })
        for other in others {
            do throws(AnalysisFailure) {
                guard regions == nil else { throw AnalysisFailure.outlinesOfAnotherImage }
                try other.requirePlausibleSpacing()
                let (file, number) = (try open(source), other.number)
                let before = count
                let result = try analyse(
                    file, other.pyramid, of: source, spacing: other.spacing, within: nil
                ) { finding in
                    deliver(finding.placed(at: count, inImage: number, adding: other.measurements))
                    count += 1
                }
                results.add(
                    result, of: other, beside: main,
                    result.embeddings.compactMap { $0.placed(after: before, inImage: number) })
            } catch {
                guard error.stage == .open else { throw error }
                results.leaveOut(other, error)
            }
        }
        return results.result
    }

    private func open(_ source: ScanSource) throws(AnalysisFailure) -> any ScanFile {
        do throws(SlideError) { return try source.open() } catch { throw AnalysisFailure(error, stage: .open) }
    }

    /// - Parameter file: closed as soon as the image as a whole has been looked at; tiles are read through other readers.
    private func analyse(
        _ file: consuming any ScanFile, _ pyramid: Pyramid, of source: ScanSource, spacing: RecordedSpacing,
        within regions: RegionsOfInterest?, deliver: (Finding) -> Void
    ) throws(AnalysisFailure) -> AnalysisResult {
        if let refusal = pyramid.refusal { throw AnalysisFailure(refusal, stage: .open) }
        if let regions, !regions.touch(width: pyramid.width, height: pyramid.height) {
            throw AnalysisFailure.outlinesBesideImage
        }
        guard spacing.source != .unknown else {
            throw AnalysisFailure(
                stage: .open, code: .unknownSpacing,
                message: "\(pyramid.spacingComplaint ?? "no spacing"), and the pipeline refuses to assume one")
        }
        var remarks = try ScanAnalyser.remarks(on: file, pyramid, spacing: spacing)
        let (overview, scale) = try overview(of: file, pyramid)
        var tissue = tissue(on: overview, scale, pyramid)
        let quality = try quality(of: file, pyramid, overview: overview, tissue: tissue)
        remarks += quality.warnings
        let thumbnail = try thumbnail(of: file, pyramid, overview: overview)
        guard tissue.hasTissue else {
            let nearness = tissue.saturation.map(ScanAnalyser.remark(onNoTissue:))
            return AnalysisResult(
                status: .noTissue, remarks: remarks + [nearness].compactMap(\.self), quality: quality.values,
                findings: [], illustration: illustration(thumbnail))
        }
        guard quality.rejections.isEmpty else {
            return AnalysisResult(
                status: .rejected, remarks: quality.rejections + remarks, quality: quality.values, findings: [],
                illustration: illustration(thumbnail))
        }
        if let factor = regions?.factorToTissue(tissue, width: pyramid.width, height: pyramid.height) {
            throw AnalysisFailure.outlinesOfLowerResolution(by: factor)
        }
        let wanted = pipeline.definition.artefacts
        let artefacts: ArtefactSearch? =
            try wanted.isEmpty
            ? nil
            : ArtefactSearch(
                for: wanted, in: file, pyramid, overview: overview, tissue: tissue, spacing: spacing)
        let area = AnalysedArea(of: pyramid, overview: overview, scale, within: regions, without: artefacts)
        remarks += [
            regions?.remark, regions?.doubt(width: pyramid.width, height: pyramid.height),
            artefacts?.remark(tissue: tissue),
        ].compactMap(\.self)
        let beyond = area.map { (tissue: tissue, area: $0.mask) }
        if let area {
            tissue = tissue.restricted(to: area.mask.mask)
            guard tissue.hasTissue else {
                return AnalysisResult(
                    status: .noTissue, remarks: remarks + [area.emptiness], quality: quality.values, findings: [],
                    illustration: illustration(thumbnail))
            }
        }
        let looksEverywhere = pipeline.definition.tissue == .off && area == nil
        let sample = TissueSample(overview, tissue: looksEverywhere ? nil : tissue.mask)
        var results = StageResults()
        var stageRemarks: [String] = []
        for stage in stages {
            let resolution = try WorkingResolution(
                of: pyramid, spacing: spacing, modelSpacing: stage.loaded.model.card.input.spacing)
            try resolution.requireRoom(forTiles: stage.loaded.contract.side)
            let normalisation = stage.loaded.normalisation.fitted(to: sample, overview: overview)
            let view = ScanView(source: source, image: pyramid.levels[0].image, resolution: resolution)
            stageRemarks += [resolution.remark].compactMap(\.self) + normalisation.fallbacks.map(\.description).sorted()
            try stage.run(
                on: StageScan(
                    view, stage.loaded, normalisation: normalisation, tissue: tissue, beyond: beyond,
                    threads: tileThreads),
                &results)
            if let area { try results.keepRegions(within: area.mask, of: stage.loaded.definition.name) }
        }
        stageRemarks += results.remarks
        for remark in stageRemarks where !remarks.contains(remark) { remarks.append(remark) }
        let builder = FindingBuilder(width: pyramid.width, height: pyramid.height, spacing: spacing)
        let made = builder.findings(of: results, deliver: deliver)
        var embeddings: [EmbeddingBlock] = []
        for embedded in results.embedded { embeddings += try embedded.blocks(made.regions) }
        if made.count == 0, embeddings.isEmpty {
            remarks.append("the tissue was looked at, and nothing was marked in it")
        }
        artefacts?.findings(from: made.count, deliver: deliver)
        return AnalysisResult(
            status: .findings, remarks: remarks, quality: quality.values, findings: [],
            illustration: illustration(thumbnail, results), embeddings: embeddings)
    }
}
