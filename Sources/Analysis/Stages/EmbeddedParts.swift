import Crypto
import Findings
import FoundationEssentials

/// The vectors that an embedding stage made, on their way to blocks of them.
struct EmbeddedParts {
    /// A region by its index among those of its stage, or another part of the scan.
    struct Place {
        let region: Int?
        let box: Finding.Box
    }

    let stage: String
    let space: ContentHash
    let settings: StageDefinition.Embedding
    private var places: [Place] = []
    private var vectors = Data()

    /// The most that the vectors of a stage take, in bytes.
    private static let limit = 256 << 20

    init(stage: String, space: ContentHash, settings: StageDefinition.Embedding) {
        self.stage = stage
        self.space = space
        self.settings = settings
    }

    var isEmpty: Bool { places.isEmpty }

    mutating func add(_ vector: Data, of place: Place) {
        places.append(place)
        vectors += vector
    }

    /// - Parameter ordinals: of the findings of each stage's regions.
    func blocks(_ ordinals: [String: [Int?]]) throws(AnalysisFailure) -> [EmbeddingBlock] {
        guard !places.isEmpty else { return [] }
        guard vectors.count <= Self.limit else {
            throw AnalysisFailure(
                stage: .embed, code: .limit,
                message: "the vectors of a stage take more than \(Self.limit >> 20) MiB")
        }
        let dimension = vectors.count / places.count
        let step = max(1, EmbeddingBlock.maximumBytes / dimension)
        let own = settings.within.flatMap { ordinals[$0] } ?? []
        return stride(from: 0, to: places.count, by: step).compactMap { first in
            let range = first..<min(first + step, places.count)
            return EmbeddingBlock(
                stage: stage, space: space, unit: settings.unit, dimension: dimension,
                places: places[range].map { place in
                    EmbeddingBlock.Place(ordinal: place.region.flatMap { own[$0] }, box: place.box)
                },
                vectors: Data(vectors[range.lowerBound * dimension..<range.upperBound * dimension]))
        }
    }
}

extension LoadedStage {
    /// What its vectors can be compared with: those of the same model, shown the same way.
    var embeddingSpace: ContentHash {
        var hasher = SHA256()
        let parts = [
            "scanreport embedding 1", model.identity.sha256.hexadecimal, model.contract, "\(contract.inputSide)",
            "\(normalisation)",
        ]
        for part in parts {
            hasher.update(data: Data("\(part.utf8.count):".utf8))
            hasher.update(data: Data(part.utf8))
        }
        return ContentHash(digest: hasher.finalize())
    }
}
