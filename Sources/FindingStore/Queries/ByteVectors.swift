import FoundationEssentials

/// Directions in a signed byte an element, one after the other, held against one of them.
struct ByteVectors: Sendable {
    private let question: [Int8]
    private let questionLength: Float

    /// - Parameter question: see `EmbeddingBlock.quantised(_:)`.
    init(question: some Sequence<UInt8>) {
        self.question = question.map { Int8(bitPattern: $0) }
        questionLength = Float(self.question.reduce(0) { $0 + Int($1) * Int($1) }).squareRoot()
    }

    var dimension: Int { question.count }

    /// Calls `body` with the index of each vector and its cosine with the question, -1 to 1.
    ///
    /// Sums of products are integers, and exact: those of 4096 stay within 32 bits.
    ///
    /// - Parameter vectors: `[N, dimension]`.
    func forEachCosine(_ vectors: UnsafeRawBufferPointer, _ body: (Int, Float) -> Void) {
        let dimension = dimension
        guard dimension > 0, let base = vectors.baseAddress?.assumingMemoryBound(to: Int8.self) else { return }
        question.withUnsafeBufferPointer { question in
            guard let question = question.baseAddress else { return }
            for index in 0..<vectors.count / dimension {
                let vector = base + index * dimension
                var (product, square): (Int32, Int32) = (0, 0)
                // Of a shape that the compiler makes SIMD instructions of.
                for element in 0..<dimension {
                    let value = Int32(vector[element])
                    product &+= value &* Int32(question[element])
                    square &+= value &* value
                }
                let length = questionLength * Float(square).squareRoot()
                body(index, length > 0 ? Float(product) / length : 0)
            }
        }
    }
}
