import FoundationEssentials

/// One statement about a scan, or about a part of it.
///
/// Coordinates are level-0 pixels of the finding's image, with the origin at the top left.
public struct Finding: Sendable, Hashable {
    /// From this confidence on an object is counted: it is more likely one than not.
    public static let countedConfidence = 0.5

    /// Whether it counts a scan's objects, and grades nothing.
    public var isCount: Bool { kind == .scan && probabilities.isEmpty }

    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A connected set of pixels that a segmentation marked as one class.
        case region
        /// One thing that a detection found.
        case object
        /// A window that a network graded.
        case tile
        case scan
        /// What is no tissue to grade: pen, a fold, blur, a bubble.
        case artefact
    }

    /// The calibrated probability of one class.
    public struct ClassProbability: Sendable, Hashable {
        public let label: String
        public let probability: Double

        public init(label: String, probability: Double) {
            self.label = label
            self.probability = probability
        }
    }

    /// Position in the analysis' list of findings, from 0.
    public let ordinal: Int
    public let kind: Kind
    public let label: String
    /// The calibrated probability of the label, 0...1.
    public let confidence: Double
    /// The probability of the label before calibration, 0...1.
    public let rawConfidence: Double
    public let box: Box
    public let centroid: Point
    /// Which of the file's images the finding is in, from 0, the largest. Findings of others have its size and spacing among
    /// their measurements (`image_width_px`, `image_height_px`, `image_spacing_um_px`).
    public let image: Int
    /// In level-0 pixels; nil for a tile, a scan and what has no outline.
    public let areaPixels: Int64?
    /// In square micrometres; nil where the spacing is unknown.
    public let areaSquareMicrometres: Double?
    /// Every class of the classification network, in its order.
    public let probabilities: [ClassProbability]
    /// Further measures by name (`perimeter_px`, `eccentricity`, `mean_probability`, ...).
    public let measurements: [String: Double]
    /// The exact pixels as encoded run lengths; nil for a tile, a scan and what has no outline.
    public let geometry: Data?

    public struct Box: Sendable, Hashable {
        public let x: Int
        public let y: Int
        public let width: Int
        public let height: Int

        public init(x: Int, y: Int, width: Int, height: Int) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    public struct Point: Sendable, Hashable {
        public let x: Double
        public let y: Double

        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    public init(
        ordinal: Int, kind: Kind, label: String, confidence: Double, rawConfidence: Double, image: Int = 0, box: Box,
        centroid: Point, areaPixels: Int64?, areaSquareMicrometres: Double?,
        probabilities: [ClassProbability], measurements: [String: Double], geometry: Data?
    ) {
        self.ordinal = ordinal
        self.kind = kind
        self.label = label
        self.confidence = confidence
        self.rawConfidence = rawConfidence
        self.image = image
        self.box = box
        self.centroid = centroid
        self.areaPixels = areaPixels
        self.areaSquareMicrometres = areaSquareMicrometres
        self.probabilities = probabilities
        self.measurements = measurements
        self.geometry = geometry
    }

    /// The same with another place in the list, in another of the file's images, and with further measurements.
    public func placed(at ordinal: Int, inImage image: Int, adding more: [String: Double] = [:]) -> Finding {
        Finding(
            ordinal: ordinal, kind: kind, label: label, confidence: confidence, rawConfidence: rawConfidence,
            image: image, box: box, centroid: centroid, areaPixels: areaPixels,
            areaSquareMicrometres: areaSquareMicrometres, probabilities: probabilities,
            measurements: measurements.merging(more) { $1 }, geometry: geometry)
    }
}
