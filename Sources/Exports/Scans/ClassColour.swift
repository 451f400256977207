import Findings

/// What a class is drawn in, the same in every scan of a pipeline.
///
/// Eight colours that the colour-blind tell apart (Okabe and Ito, "Color Universal Design", 2008), in the order of the
/// network's classes; after those they come again.
public struct ClassColour: Sendable, Hashable {
    /// Red, green, blue.
    public let channels: [UInt8]

    private static let palette: [[UInt8]] = [
        [0, 158, 115], [230, 159, 0], [86, 180, 233], [0, 114, 178], [213, 94, 0], [204, 121, 167], [240, 228, 66],
        [0, 0, 0],
    ]

    /// Of the network's class of that number.
    public init(index: Int) {
        channels = Self.palette[index % Self.palette.count]
    }

    public init(of finding: Finding) {
        self.init(of: finding.label, in: finding)
    }

    /// - Parameter label: the finding's, or what a reviewer called it.
    init(of label: String, in finding: Finding) {
        let place = finding.probabilities.firstIndex { $0.label == label }
        // Without a list of classes, by the label's bytes.
        let index = place ?? label.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        self.init(index: index)
    }
}
