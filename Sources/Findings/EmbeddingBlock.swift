import FoundationEssentials

/// Vectors that one stage of a pipeline made of parts of a scan, as they are kept and compared.
public struct EmbeddingBlock: Sendable, Hashable {
    /// What a vector is of.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        case region, tile, scan
    }

    /// The part of the scan that a vector is of.
    public struct Place: Sendable, Hashable {
        /// Of the region's finding; nil for a tile or a scan.
        public let ordinal: Int?
        public let box: Finding.Box

        public init(ordinal: Int?, box: Finding.Box) {
            self.ordinal = ordinal
            self.box = box
        }
    }

    /// The most elements that a vector has, and the most bytes that the vectors of a block take.
    public static let maximumDimension = 4_096
    public static let maximumBytes = 1 << 20

    /// Of the pipeline.
    public let stage: String
    /// What the vectors can be compared with: the same model, shown the same by its card.
    public let space: ContentHash
    public let unit: Unit
    /// Which of the file's images, from 0.
    public let image: Int
    public let dimension: Int
    public let places: [Place]
    /// `[places, dimension]`, an `Int8` an element: see ``quantised(_:)``.
    public let vectors: Data

    /// Nil where the vectors are not those of the places, or too many.
    public init?(
        stage: String, space: ContentHash, unit: Unit, image: Int = 0, dimension: Int, places: [Place], vectors: Data
    ) {
        guard (1...Self.maximumDimension).contains(dimension), !places.isEmpty, !stage.isEmpty,
            vectors.count <= Self.maximumBytes, places.count * dimension == vectors.count
        else { return nil }
        self.stage = stage
        self.space = space
        self.unit = unit
        self.image = image
        self.dimension = dimension
        self.places = places
        self.vectors = vectors
    }

    /// The same in another image, whose findings come after so many.
    public func placed(after count: Int, inImage image: Int) -> EmbeddingBlock? {
        EmbeddingBlock(
            stage: stage, space: space, unit: unit, image: image, dimension: dimension,
            places: places.map { Place(ordinal: $0.ordinal.map { $0 + count }, box: $0.box) }, vectors: vectors)
    }

    /// A vector's direction in a byte an element: its largest element becomes 127 or -127, so that the rounding is as fine
    /// as it can be. The length is lost, and a cosine does not ask for it; it is off by some 0.001 for 128 elements of
    /// any usual distribution.
    ///
    /// - Returns: nil for a vector that has no direction, or is not finite.
    public static func quantised(_ vector: [Float]) -> Data? {
        let largest = vector.reduce(Float(0)) { max($0, abs($1)) }
        guard largest > 0, vector.allSatisfy(\.isFinite) else { return nil }
        return Data(vector.map { UInt8(bitPattern: Int8(($0 / largest * 127).rounded())) })
    }
}
