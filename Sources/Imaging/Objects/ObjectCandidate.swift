/// What may be an object, before objects that are found twice are told apart: of a class, with a probability and a place.
public struct ObjectCandidate: Sendable {
    /// A box in continuous coordinates: the pixel in column x spans x to x + 1.
    public struct Bounds: Sendable, Hashable {
        public let left: Float
        public let top: Float
        public let right: Float
        public let bottom: Float

        public init(left: Float, top: Float, right: Float, bottom: Float) {
            (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
        }

        public var area: Float { max(0, right - left) * max(0, bottom - top) }

        /// Intersection over union of two boxes; 0 where both are empty.
        public func intersectionOverUnion(_ other: Bounds) -> Float {
            let width = min(right, other.right) - max(left, other.left)
            let height = min(bottom, other.bottom) - max(top, other.top)
            guard width > 0, height > 0 else { return 0 }
            let both = width * height
            return both / (area + other.area - both)
        }
    }

    /// Index of the class that it is of.
    public let classIndex: Int
    /// The probability of each class, as many as there are.
    public let probabilities: [Float]
    /// The probability that there is an object at all: that of its class, unless the network tells the two apart.
    public let certainty: Float
    /// In pixels that the network sees.
    public let bounds: Bounds
    /// Where the network says that it is: of two with the same probability, the upper left one counts.
    public let x: Float
    public let y: Float
    /// The pixels of its outline, of level 0; nil where the network gives boxes.
    public let pixels: RunLengths?
    let pixelCount: Int

    public init(
        classIndex: Int, probabilities: [Float], certainty: Float? = nil, bounds: Bounds, x: Float, y: Float,
        pixels: RunLengths? = nil
    ) {
        self.certainty = certainty ?? probabilities[classIndex]
        self.classIndex = classIndex
        self.probabilities = probabilities
        self.bounds = bounds
        self.x = x
        self.y = y
        self.pixels = pixels
        pixelCount = pixels?.pixelCount ?? 0
    }

    /// The probability of its class.
    public var confidence: Float { probabilities[classIndex] }

    /// Of outlines by their pixels, else of boxes.
    public func intersectionOverUnion(_ other: ObjectCandidate) -> Double {
        let boxes = bounds.intersectionOverUnion(other.bounds)
        guard boxes > 0, let pixels, let others = other.pixels else { return Double(boxes) }
        let both = pixels.intersectionCount(with: others)
        return Double(both) / Double(pixelCount + other.pixelCount - both)
    }

    /// The order in which objects are believed: by falling certainty, then by place and class, so that it never depends on
    /// the order in which they were found.
    public func outranks(_ other: ObjectCandidate) -> Bool {
        if certainty != other.certainty { return certainty > other.certainty }
        if y != other.y { return y < other.y }
        if x != other.x { return x < other.x }
        if classIndex != other.classIndex { return classIndex < other.classIndex }
        return bounds.area > other.bounds.area
    }
}
