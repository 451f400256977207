extension [Float] {
    /// Whether none is infinite or no number: by the largest of all bits but the sign, which the compiler makes SIMD
    /// instructions of.
    var areFinite: Bool {
        withUnsafeBufferPointer { numbers in
            var most: Int32 = 0
            for number in numbers { most = Swift.max(most, Int32(bitPattern: number.bitPattern & 0x7FFF_FFFF)) }
            return most < Int32(bitPattern: Float.infinity.bitPattern)
        }
    }
}
