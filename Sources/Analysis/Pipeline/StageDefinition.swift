import Findings

/// One network's part in a pipeline, as an entry of `stages` in `pipeline.yaml` defines it.
public struct StageDefinition: Sendable, Hashable {
    /// What the other stages and messages call it; lower-case letters, digits and hyphens.
    public let name: String
    /// The model's card, a file of the pipeline's folder.
    public let card: String
    /// Side of a tile as the network takes it, in pixels; nil for the size that the network or its card gives.
    public let tile: Int?
    /// Pixels that neighbouring tiles share.
    public let overlap: Int
    public let augmentation: TestTimeAugmentation
    /// In which its network is computed.
    public let precision: StagePrecision
    public let task: Task

    /// Whether a stage, or a pipeline, may be called so: of lower-case letters, digits and hyphens, 64 at most.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// What the stage does, with the settings that only such a stage has.
    public enum Task: Sendable, Hashable {
        case segmentation(Segmentation)
        case classification(Classification)
        case detection(Detection)
        case embedding(Embedding)
    }

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
        /// A pixel belongs to a structure from this probability on; nil where the most probable class decides.
        public let threshold: Double?
        /// Smaller regions are dropped; in pixels that the network sees.
        public let minimumAreaPixels: Int
        /// Holes up to this size are filled; in pixels that the network sees.
        public let fillHolesPixels: Int
    }

    /// How structures and the scan are graded.
    public struct Classification: Sendable, Hashable {
        /// The earlier segmentation stage whose regions are graded; nil where all tissue is.
        public let within: String?
        public let scanGrading: ScanGrading
        /// Whether each tile's grade is a finding.
        public let keepsTiles: Bool

        fileprivate enum Word: String, CaseIterable {
            case mean, maximum, share
            case top = "top-k"
        }
    }

    /// Which objects are found.
    public struct Detection: Sendable, Hashable {
        /// An object has this calibrated probability or more.
        public let threshold: Double
        /// Of two objects whose intersection over union is larger, the more probable stays.
        public let suppressionLimit: Double
        /// Whether that holds for objects of different classes too; nil where the definition does not say.
        public let suppressesAcrossClasses: Bool?
        /// Smaller objects are dropped; in pixels that the network sees.
        public let minimumAreaPixels: Int
        /// The earlier segmentation stage in whose regions objects are looked for; nil for all tissue.
        public let within: String?

        fileprivate enum Suppression: String, CaseIterable {
            case byClass = "by-class"
            case across
        }
    }

    /// How vectors are made of parts of a scan.
    public struct Embedding: Sendable, Hashable {
        /// The earlier segmentation stage in whose regions it looks; nil where it looks at all tissue.
        public let within: String?
        public let unit: EmbeddingBlock.Unit
    }

    public var kind: ModelCard.Task {
        switch task {
        case .segmentation: .segmentation
        case .classification: .classification
        case .detection: .detection
        case .embedding: .embedding
        }
    }

    /// The segmentation stage in whose regions it looks alone.
    public var within: String? {
        switch task {
        case .segmentation: nil
        case .classification(let settings): settings.within
        case .detection(let settings): settings.within
        case .embedding(let settings): settings.within
        }
    }
}

extension StageDefinition {
    /// - Parameters:
    ///   - mapping: an entry of `stages`. Nil where it has problems, which the mapping then knows.
    ///   - precision: the pipeline's.
    init?(_ mapping: StrictMapping, precision: StagePrecision) {
        let name = mapping.name("name")
        let kind: ModelCard.Task? = mapping.word("kind")
        let card = mapping.string("card")
        let tile = mapping.has("tile") ? mapping.integer("tile", in: 8...4_096) : nil
        let overlap = mapping.integer(
            "overlap", in: 0...2_048, default: kind == .classification || kind == .embedding ? 0 : nil)
        let augmentation: TestTimeAugmentation? =
            mapping.word("test-time-augmentation", default: TestTimeAugmentation.none)
        let precision: StagePrecision? = mapping.word("precision", default: precision)
        let task: Task?
        switch kind {
        case .segmentation: task = Segmentation(mapping).map { .segmentation($0) }
        case .classification: task = .classification(Classification(mapping))
        case .detection:
            task = Detection(mapping).map { .detection($0) }
            if augmentation != TestTimeAugmentation.none, augmentation != nil {
                mapping.report("test-time-augmentation", "is not for detections: leave it out")
            }
        case .embedding: task = Embedding(mapping).map { .embedding($0) }
        // What other keys there may be depends on the kind.
        case nil: return nil
        }
        if let tile, let overlap, overlap > tile / 2 { mapping.report("overlap", "must be at most half the tile") }
        mapping.finish()
        guard let name, let card, let overlap, let augmentation, let precision, let task else { return nil }
        self.init(
            name: name, card: card, tile: tile, overlap: overlap, augmentation: augmentation, precision: precision,
            task: task)
    }

    /// Reads `stages`, and checks what stages say of each other.
    static func read(_ root: StrictMapping, precision: StagePrecision) -> [StageDefinition] {
        var stages: [StageDefinition] = []
        for mapping in root.mappings("stages", namedBy: "name") {
            guard let stage = StageDefinition(mapping, precision: precision) else { continue }
            if stages.contains(where: { $0.name == stage.name }) {
                mapping.report("name", "is the name of an earlier stage too")
            }
            if let within = stage.within {
                if !stages.contains(where: { $0.name == within && $0.kind == .segmentation }) {
                    mapping.report("within", "is `\(within)`, which is no segmentation stage before this one")
                } else if stage.kind == .classification,
                    stages.contains(where: { $0.within == within && $0.kind == .classification })
                {
                    mapping.report("within", "is `\(within)`, whose regions an earlier stage grades already")
                }
            }
            stages.append(stage)
        }
        return stages
    }
}

extension StageDefinition.Segmentation {
    init?(_ mapping: StrictMapping) {
        let threshold = mapping.has("threshold") ? mapping.double("threshold", in: 0.01...0.99) : nil
        let minimumArea = mapping.integer("minimum-area-px", in: 1...1_000_000, default: 1)
        let fillHoles = mapping.integer("fill-holes-px", in: 0...1_000_000, default: 0)
        if let minimumArea, let fillHoles, fillHoles > minimumArea {
            mapping.report("fill-holes-px", "must be at most minimum-area-px, which is \(minimumArea)")
        }
        if mapping.has("within") {
            mapping.report("within", "is for classification stages: a segmentation looks at all tissue")
        }
        guard let minimumArea, let fillHoles else { return nil }
        self.init(threshold: threshold, minimumAreaPixels: minimumArea, fillHolesPixels: fillHoles)
    }
}

extension StageDefinition.Detection {
    init?(_ mapping: StrictMapping) {
        let threshold = mapping.double("threshold", in: 0.01...0.99, default: 0.5)
        let limit = mapping.double("nms-iou", in: 0...0.95, default: 0.5)
        let suppression: Suppression? = mapping.has("nms") ? mapping.word("nms") : nil
        let minimumArea = mapping.integer("minimum-area-px", in: 1...1_000_000, default: 1)
        let within = mapping.has("within") ? mapping.string("within") : nil
        guard let threshold, let limit, let minimumArea, suppression != nil || !mapping.has("nms") else { return nil }
        self.init(
            threshold: threshold, suppressionLimit: limit, suppressesAcrossClasses: suppression.map { $0 == .across },
            minimumAreaPixels: minimumArea, within: within)
    }
}

extension StageDefinition.Classification {
    /// - Returns: where there are problems, something that nobody will use.
    init(_ mapping: StrictMapping) {
        let word: Word? = mapping.word("scan-grade", default: .mean)
        let grading: ScanGrading =
            switch word {
            case .mean, nil: .mean
            case .maximum: .top(1)
            case .share: .share
            case .top: .top(mapping.integer("top", in: 1...1_000_000, default: 10) ?? 1)
            }
        self.init(
            within: mapping.has("within") ? mapping.string("within") : nil, scanGrading: grading,
            keepsTiles: mapping.flag("keep-tiles", default: false) ?? false)
    }
}

extension StageDefinition.Embedding {
    init?(_ mapping: StrictMapping) {
        let within = mapping.has("within") ? mapping.string("within") : nil
        let unit: EmbeddingBlock.Unit? = mapping.word("of", default: within == nil ? .scan : .region)
        if unit == .region, within == nil {
            mapping.report("within", "is missing: which segmentation stage's regions the vectors are of")
        }
        guard let unit else { return nil }
        self.init(within: within, unit: unit)
    }
}
