/// What a network's answer means, as its card says.
public struct ModelOutput: Sendable, Hashable {
    /// What turns the network's output into probabilities.
    public enum Activation: String, Sendable, Hashable, CaseIterable {
        /// They are probabilities already.
        case none
        /// Each class on its own.
        case sigmoid
        /// One class of all.
        case softmax
    }

    /// Of the graph's output that says which classes.
    public let name: String
    /// Of a detection: how it says where objects are.
    public let detection: DetectionForm?
    public let layout: ModelInput.Layout
    public let activation: Activation
    /// Names of the output's channels.
    public let classes: [String]
    /// Index of the class that is no structure of a segmentation, or nothing to find for a classification.
    public let background: Int?
    /// Whether several classes may be true at once; else their probabilities sum to 1.
    public let isMultiLabel: Bool
    /// What a classification calls that of which no class has a half or more, where classes do not exclude each other; nil where
    /// the most probable class is the label, however improbable.
    public let otherwise: String?
    /// Pixels along each edge of the input for which a segmentation answers nothing; nil where the graph tells.
    public let crop: Int?

    /// Channels of the output ``name``.
    var scoreChannels: Int { detection?.classHead == nil ? classes.count : 1 }

    var classesInWords: String { classes.count == 1 ? "1 class" : "\(classes.count) classes" }

    /// What `background` says of a segmentation whose classes are all structures.
    private static let noBackground = "none"

    /// - Parameter mapping: a card's `output`. Nil where it has problems, which the mapping then knows.
    init?(_ mapping: StrictMapping, task: ModelCard.Task?, inputLayout: ModelInput.Layout?) {
        let name = mapping.string("name")
        if task == .embedding {
            let layout: ModelInput.Layout? = mapping.word("layout", default: inputLayout ?? .nchw)
            mapping.finish()
            guard let name, let layout else { return nil }
            // A tensor that is a vector, or maps of them: no classes, so nothing that makes probabilities.
            (self.name, self.layout, self.activation) = (name, layout, .none)
            (self.classes, self.background, self.isMultiLabel, self.crop) = ([], nil, true, nil)
            (self.detection, self.otherwise) = (nil, nil)
            return
        }
        let layout: ModelInput.Layout? = mapping.word("layout", default: inputLayout ?? .nchw)
        let activation: Activation? = mapping.word("activation")
        let classes = mapping.strings("classes")
        if let name = classes?.first(where: { !Self.isName($0) }) {
            mapping.report(
                "classes",
                "holds `\(name)`: a name is text in a line, without `;` and `=`, which separate probabilities")
        }
        let detection = task == .detection ? DetectionForm(mapping) : nil
        let hasClassHead = detection?.classHead != nil
        // A detection's classes do not exclude each other unless a softmax says so.
        let multiLabel = mapping.flag(
            "multi-label",
            default: !hasClassHead
                && (activation == .sigmoid || (task == .detection && activation == Activation.none)))
        let crop = mapping.has("crop") ? mapping.integer("crop", in: 0...1_024) : nil
        let isMultiLabel = multiLabel == true || classes?.count == 1
        if hasClassHead, multiLabel == true {
            mapping.report("multi-label", "is true, but `class-scores` choose one class of all")
        }
        if activation == .softmax {
            if classes?.count == 1 || hasClassHead {
                mapping.report(
                    "activation",
                    "is softmax, which is always 1 for one \(hasClassHead ? "channel" : "class"): say sigmoid, or none")
            } else if multiLabel == true {
                mapping.report("multi-label", "is true, but softmax chooses one class of all")
            }
        }
        if activation == .sigmoid, multiLabel == false, !hasClassHead {
            mapping.report("multi-label", "is false, but a sigmoid says each class on its own")
        }
        let isNeeded = task != .classification && !isMultiLabel && (classes?.count ?? 0) > 1
        let background = Self.background(mapping, of: classes ?? [], isNeeded: isNeeded)
        let otherwise = task == .classification && isMultiLabel ? mapping.string("otherwise", optional: true) : nil
        if let otherwise, classes?.contains(otherwise) == true || !Self.isName(otherwise) {
            mapping.report("otherwise", "is `\(otherwise)`: it must be a name, and none of the classes'")
        }
        mapping.finish()
        guard let name, let layout, let activation, let classes, task != .detection || detection != nil else {
            return nil
        }
        self.detection = detection
        self.name = name
        self.layout = layout
        self.activation = activation
        self.classes = classes
        self.background = background
        self.isMultiLabel = isMultiLabel
        self.otherwise = otherwise
        self.crop = crop
    }

    private static func isName(_ text: String) -> Bool {
        let isLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return !text.isEmpty && isLine && !text.contains { ";=".contains($0) }
    }

    /// The graph's outputs that are read, in the order in which they are computed.
    public var names: [String] { [name] + (detection?.furtherOutputs.map(\.name) ?? []) }

    /// Where the card does not say it, the class that is called so.
    private static func background(_ mapping: StrictMapping, of classes: [String], isNeeded: Bool) -> Int? {
        let index: Int?
        if mapping.has("background") {
            guard let name = mapping.string("background") else { return nil }
            index = classes.firstIndex(of: name)
            if index == nil, name != noBackground {
                mapping.report("background", "is `\(name)`, which is none of the classes")
            }
        } else {
            index = classes.firstIndex { $0.lowercased() == "background" }
            if index == nil, isNeeded {
                mapping.report("background", "is missing: which class is no structure (`none` where all are)")
            }
        }
        if index != nil, classes.count == 1 { mapping.report("background", "is the only class: there is no structure") }
        return index
    }
}
