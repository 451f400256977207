extension Landmarks {
    func descriptor(_ index: Int) -> ArraySlice<Int8> {
        descriptors[index * Self.dimension..<(index + 1) * Self.dimension]
    }

    /// Of descriptors that may be of the same place: all are of about the same length.
    static let leastProduct = Int32(SharedTissue.leastCosine * LandmarkDescriptor.length * LandmarkDescriptor.length)

    func product(_ index: Int, _ other: Landmarks, _ otherIndex: Int) -> Int32 {
        descriptors.withUnsafeBufferPointer { own in
            other.descriptors.withUnsafeBufferPointer { others in
                guard let own = own.baseAddress, let others = others.baseAddress else { return 0 }
                return Self.product(own + index * Self.dimension, others + otherIndex * Self.dimension)
            }
        }
    }

    /// Calls `body` with each landmark that looks like one of another picture, and the product of their descriptors.
    func forEachAlike(_ other: Landmarks, _ index: Int, _ body: (Int, Int32) -> Void) {
        descriptors.withUnsafeBufferPointer { own in
            other.descriptors.withUnsafeBufferPointer { others in
                guard let own = own.baseAddress, let others = others.baseAddress else { return }
                let question = others + index * Self.dimension
                for candidate in 0..<count {
                    let product = Self.product(own + candidate * Self.dimension, question)
                    if product >= Self.leastProduct { body(candidate, product) }
                }
            }
        }
    }

    /// Of a shape that the compiler makes SIMD instructions of; 128 products of bytes stay within 32 bits.
    @inline(__always)
    static func product(_ first: UnsafePointer<Int8>, _ second: UnsafePointer<Int8>) -> Int32 {
        var product: Int32 = 0
        for element in 0..<dimension { product &+= Int32(first[element]) &* Int32(second[element]) }
        return product
    }
}
