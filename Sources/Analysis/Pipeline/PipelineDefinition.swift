import Imaging
import NeuralNetworks
import Slides

/// A pipeline as `pipeline.yaml` defines it.
public struct PipelineDefinition: Sendable, Hashable {
    public let name: String
    /// Of stages that do not say their own.
    public let precision: StagePrecision
    /// At least one, in the order in which they look at a scan.
    public let stages: [StageDefinition]
    public let tissue: Tissue
    /// What is masked out of it, and shown as findings.
    public let artefacts: Set<Artefact>
    /// A step that brings the scan's colours nearer to what the models know, before the models' own.
    public let colourNormalisation: NormalisationStep?
    public let spacing: SpacingPolicy
    /// What the reader may spend on a scan, and how it sees its colours.
    public let reading: ReadingLimits
    /// Thresholds by quality measure.
    public let quality: [QualityMeasure: QualityThresholds]
    /// Whether a small picture of each scan is kept, and what a heat map needs.
    public let thumbnails: Thumbnails

    public enum Thumbnails: String, Sendable, Hashable, CaseIterable {
        case on, off
    }

    /// What to do with a scan whose spacing is not known.
    public enum SpacingPolicy: Sendable, Hashable {
        case refuse
        case assume(micrometresPerPixel: Double)
    }

    /// Bounds of a quality measure.
    public struct QualityThresholds: Sendable, Hashable {
        public let warnBelow: Double?
        public let rejectBelow: Double?
        public let warnAbove: Double?
        public let rejectAbove: Double?
    }

    /// - Parameter text: the YAML of `pipeline.yaml`.
    public init(yaml text: String, file: String = "pipeline.yaml") throws(PipelineError) {
        try self.init(try StrictMapping(yaml: text, file: file), file: file)
    }

    init(_ root: StrictMapping, file: String = "pipeline.yaml") throws(PipelineError) {
        if let newForm = FixedPairForm.asStages(root) {
            throw PipelineError(.invalid, file: file, "`segmentation` and `classification` are stages now: \(newForm)")
        }
        let name = root.name("name")
        _ = root.string("description", optional: true)
        let precision: StagePrecision? = root.word("precision", default: .float32)
        let stages = StageDefinition.read(root, precision: precision ?? .float32)
        let tissue = Tissue.read(root)
        let artefacts = Self.artefacts(root)
        let colours = root.mapping("normalisation", optional: true)
        let colourNormalisation = colours.flatMap { NormalisationStep(colour: $0) }
        let spacing = root.mapping("spacing").flatMap(SpacingPolicy.init)
        var reading = root.mapping("reading", optional: true).map(ReadingLimits.init) ?? ReadingLimits.default
        if let colour = root.mapping("colour", optional: true).flatMap(ColourReading.init) { reading?.colour = colour }
        let quality = root.mapping("quality", optional: true).map(QualityThresholds.read) ?? [:]
        let thumbnails: Thumbnails? = root.word("thumbnails", default: .on)
        root.finish()
        guard root.problems.isEmpty, let name, let precision, let tissue, let artefacts, let spacing,
            let reading, let thumbnails
        else {
            throw PipelineError(.invalid, file: file, problems: root.problems)
        }
        self.colourNormalisation = colourNormalisation
        self.name = name
        self.precision = precision
        self.stages = stages
        self.tissue = tissue
        self.artefacts = artefacts
        self.spacing = spacing
        self.reading = reading
        self.quality = quality
        self.thumbnails = thumbnails
    }
}

extension PipelineDefinition {
    /// Those of the stages, each once.
    var precisions: [StagePrecision] {
        let used = stages.map(\.precision)
        return StagePrecision.allCases.filter { used.contains($0) }
    }
}

extension PipelineDefinition.SpacingPolicy {
    private enum Word: String, CaseIterable { case refuse, assume }

    init?(_ mapping: StrictMapping) {
        let unknown: Word? = mapping.word("unknown")
        let policy: PipelineDefinition.SpacingPolicy? =
            switch unknown {
            case .refuse: .refuse
            case .assume:
                mapping.double("assumed-um-px", in: Spacing.plausible).map { .assume(micrometresPerPixel: $0) }
            case nil: nil
            }
        mapping.finish()
        guard let policy else { return nil }
        self = policy
    }
}

extension PipelineDefinition.QualityThresholds {
    static func read(_ quality: StrictMapping) -> [QualityMeasure: PipelineDefinition.QualityThresholds] {
        var thresholds: [QualityMeasure: PipelineDefinition.QualityThresholds] = [:]
        for key in quality.freeKeys {
            guard let mapping = quality.mapping(key) else { continue }
            guard let measure = QualityMeasure(rawValue: key) else {
                let known = QualityMeasure.allCases.map(\.rawValue).joined(separator: ", ")
                quality.report(key, "is no quality measure; there are: \(known)")
                continue
            }
            func bound(_ key: String) -> Double? {
                mapping.has(key) ? mapping.double(key, in: -1e12...1e12) : nil
            }
            thresholds[measure] = PipelineDefinition.QualityThresholds(
                warnBelow: bound("warn-below"), rejectBelow: bound("reject-below"), warnAbove: bound("warn-above"),
                rejectAbove: bound("reject-above"))
            mapping.finish()
        }
        return thresholds
    }
}
