extension Resize {
    /// How the outputs along one axis are made from its elements: each is a sum of as many of them, with weights.
    public struct Taps: Sendable, Hashable {
        /// Of each output.
        public let count: Int
        /// `[output, count]`; those that an output does not need have the weight 0.
        public let indices: [Int]
        public let weights: [Float]

        init(_ samples: [AxisResampling.Sample]) {
            let count = samples.reduce(1) { max($0, $1.taps.count) }
            let padded = samples.flatMap { sample in
                let first = sample.taps.first?.index ?? 0
                let missing = AxisResampling.Sample.Tap(index: first, weight: 0)
                return sample.taps + Array(repeating: missing, count: count - sample.taps.count)
            }
            (self.count, indices, weights) = (count, padded.map(\.index), padded.map(\.weight))
        }
    }

    /// For each axis of the data, how its outputs are made; nil where some lie outside of the data.
    ///
    /// - Throws: ``OperatorError`` where scales or extents are not constant or do not fit the data.
    public func taps(for inputs: [KnownValue?]) throws -> [Taps]? {
        if case .cropAndResize = coordinates { return nil }
        let arguments = try Arguments(inputs, of: self, count: 2...4)
        return try resamplings(of: arguments.type(0).shape, arguments).map { Taps($0.samples(self)) }
    }
}
