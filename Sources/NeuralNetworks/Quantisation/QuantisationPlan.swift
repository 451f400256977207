/// What is known of a network's values, and which of its layers stay as they are.
public struct QuantisationPlan: Sendable, Hashable {
    /// The least and the largest number of each value that calibration met.
    public var ranges: [String: ClosedRange<Float>]
    /// Layers that are computed in float32.
    public var sensitiveLayers: Set<String>

    public init(ranges: [String: ClosedRange<Float>], sensitiveLayers: Set<String> = []) {
        self.ranges = ranges
        self.sensitiveLayers = sensitiveLayers
    }
}
