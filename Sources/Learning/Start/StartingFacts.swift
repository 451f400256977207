/// What a card must say of a network, and neither an architecture's name nor a model's file tells.
public struct StartingFacts: Sendable, Hashable {
    /// How pixels become numbers.
    public enum Normalisation: String, Sendable, Hashable, CaseIterable {
        /// From 0 to 1.
        case scale
        /// By the mean and deviation of ImageNet's photographs, as torchvision's and timm's networks take them.
        case imagenet
        /// The 1st and 99.8th percentile of the scan become 0 and 1: fluorescence.
        case percentile
    }

    /// The new stage's name.
    public var stage: String
    /// In the order of the network's answers.
    public var classes: [String]
    /// Micrometres per pixel that the network sees; nil where scans are seen as they are.
    public var spacing: Double?
    /// Side of tiles, where the network does not fix it.
    public var tile: Int?
    /// Nil where the card beside the file tells it, or nothing was learned yet.
    public var normalisation: Normalisation?

    public init(
        stage: String, classes: [String], spacing: Double?, tile: Int?, normalisation: Normalisation?
    ) {
        self.stage = stage
        self.classes = classes
        self.spacing = spacing
        self.tile = tile
        self.normalisation = normalisation
    }
}
