import Imaging
import NeuralNetworks
import Slides

/// A pipeline as `pipeline.yaml` defines it.
public struct PipelineDefinition: Sendable, Hashable {
    public let name: String
    public let precision: Precision
    public let segmentation: Segmentation
    public let classification: Classification
    public let tissue: Tissue
    /// A step that brings the scan's colours nearer to what the models know, before the models' own.
    public let colourNormalisation: NormalisationStep?
    public let spacing: SpacingPolicy
    /// What the reader may spend on a scan, and how it sees its colours.
    public let reading: ReadingLimits
    /// Thresholds by quality measure.
    public let quality: [QualityMeasure: QualityThresholds]

    /// Copies of a tile that a network sees and whose outputs are averaged.
    public enum TestTimeAugmentation: String, Sendable, Hashable, CaseIterable {
        case none
        /// The tile and its three mirror images.
        case flips
        /// All eight symmetries of the square.
        case dihedral
    }

    /// How structures are marked.
    public struct Segmentation: Sendable, Hashable {
        /// The model's card, a file of the pipeline's folder.
        public let card: String
        /// Side of a tile, in pixels of the level that is analysed.
        public let tile: Int
        /// Pixels that neighbouring tiles share.
        public let overlap: Int
        /// A pixel belongs to a structure from this probability on.
        public let threshold: Double
        /// Smaller regions are dropped; in pixels that the network sees.
        public let minimumAreaPixels: Int
        /// Holes up to this size are filled; in pixels that the network sees.
        public let fillHolesPixels: Int
        public let augmentation: TestTimeAugmentation
    }

    /// How structures and the scan are graded.
    public struct Classification: Sendable, Hashable {
        public let card: String
        public let tile: Int
        public let overlap: Int
        public let augmentation: TestTimeAugmentation
    }

    /// How glass is told from tissue.
    public enum Tissue: String, Sendable, Hashable, CaseIterable {
        /// Otsu's threshold on the saturation of a low level.
        case otsu
        /// The whole scan is analysed.
        case off
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
        let root = try StrictMapping(yaml: text, file: file)
        let name = root.string("name")
        if let name, !PipelineDefinition.isName(name) {
            root.report("name", "must be lower-case letters, digits and hyphens")
        }
        _ = root.string("description", optional: true)
        let precision: Precision? = root.word("precision", default: .float32)
        let segmentation = root.mapping("segmentation").flatMap(Segmentation.init)
        let classification = root.mapping("classification").flatMap(Classification.init)
        let tissue: Tissue? = root.word("tissue", default: .otsu)
        let colours = root.mapping("normalisation", optional: true)
        let colourNormalisation = colours.flatMap { NormalisationStep(colour: $0) }
        let spacing = root.mapping("spacing").flatMap(SpacingPolicy.init)
        var reading = root.mapping("reading", optional: true).map(ReadingLimits.init) ?? ReadingLimits.default
        if let colour = root.mapping("colour", optional: true).flatMap(ColourReading.init) { reading?.colour = colour }
        let quality = root.mapping("quality", optional: true).map(QualityThresholds.read) ?? [:]
        root.finish()
        guard root.problems.isEmpty, let name, let precision, let segmentation, let classification, let tissue,
            let spacing, let reading
        else {
            throw PipelineError(.invalid, file: file, problems: root.problems)
        }
        self.colourNormalisation = colourNormalisation
        self.name = name
        self.precision = precision
        self.segmentation = segmentation
        self.classification = classification
        self.tissue = tissue
        self.spacing = spacing
        self.reading = reading
        self.quality = quality
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}

extension PipelineDefinition.Segmentation {
    init?(_ mapping: StrictMapping) {
        let card = mapping.string("card")
        let tile = mapping.integer("tile", in: 64...4_096)
        let overlap = mapping.integer("overlap", in: 0...2_048)
        let threshold = mapping.double("threshold", in: 0.01...0.99, default: 0.5)
        let minimumArea = mapping.integer("minimum-area-px", in: 1...1_000_000, default: 1)
        let fillHoles = mapping.integer("fill-holes-px", in: 0...1_000_000, default: 0)
        let augmentation: PipelineDefinition.TestTimeAugmentation? =
            mapping.word("test-time-augmentation", default: PipelineDefinition.TestTimeAugmentation.none)
        if let tile, let overlap, overlap > tile / 2 { mapping.report("overlap", "must be at most half the tile") }
        mapping.finish()
        guard let card, let tile, let overlap, let threshold, let minimumArea, let fillHoles, let augmentation
        else { return nil }
        self.card = card
        self.tile = tile
        self.overlap = overlap
        self.threshold = threshold
        minimumAreaPixels = minimumArea
        fillHolesPixels = fillHoles
        self.augmentation = augmentation
    }
}

extension PipelineDefinition.Classification {
    init?(_ mapping: StrictMapping) {
        let card = mapping.string("card")
        let tile = mapping.integer("tile", in: 32...4_096)
        let overlap = mapping.integer("overlap", in: 0...2_048, default: 0)
        let augmentation: PipelineDefinition.TestTimeAugmentation? =
            mapping.word("test-time-augmentation", default: PipelineDefinition.TestTimeAugmentation.none)
        if let tile, let overlap, overlap > tile / 2 { mapping.report("overlap", "must be at most half the tile") }
        mapping.finish()
        guard let card, let tile, let overlap, let augmentation else { return nil }
        self.card = card
        self.tile = tile
        self.overlap = overlap
        self.augmentation = augmentation
    }
}

extension PipelineDefinition.SpacingPolicy {
    private enum Word: String, CaseIterable { case refuse, assume }

    init?(_ mapping: StrictMapping) {
        let unknown: Word? = mapping.word("unknown")
        let policy: PipelineDefinition.SpacingPolicy? =
            switch unknown {
            case .refuse: .refuse
            case .assume: mapping.double("assumed-um-px", in: 0.01...1_000).map { .assume(micrometresPerPixel: $0) }
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
