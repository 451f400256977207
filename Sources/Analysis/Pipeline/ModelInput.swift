import Imaging

/// What a network takes, as its card says.
public struct ModelInput: Sendable, Hashable {
    /// The order of an image's axes.
    public enum Layout: String, Sendable, Hashable, CaseIterable {
        case nchw = "NCHW"
        case nhwc = "NHWC"
    }

    /// The channels, in the network's order.
    public enum Colour: String, Sendable, Hashable, CaseIterable {
        case rgb = "RGB"
        case bgr = "BGR"
        /// One channel, the luma of ITU-R BT.601.
        case grey

        var channels: Int { self == .grey ? 1 : 3 }

        /// `[3, H, W]` of red, green and blue as the network wants them.
        func channels(of planes: [Float]) -> [Float] {
            let plane = planes.count / 3
            let order =
                switch self {
                case .rgb: [0, 1, 2]
                case .bgr: [2, 1, 0]
                case .grey: [0]
                }
            return self == .rgb ? planes : order.flatMap { planes[$0 * plane..<($0 + 1) * plane] }
        }
    }

    /// Of the graph's input.
    public let name: String
    public let layout: Layout
    public let colour: Colour
    /// Side of the images that the model was trained on: of the tiles where the pipeline gives no other.
    public let side: Int?
    /// How a scan's red, green and blue become the network's numbers; those for `BGR` are in the order red, green, blue here.
    public let normalisation: Normalisation
    /// Micrometres per pixel of the images that the model was trained on; nil where unknown.
    public let spacing: Double?

    private enum SpacingSource: String, CaseIterable { case measured, estimate }

    /// - Parameter mapping: a card's `input`. Nil where it has problems, which the mapping then knows.
    init?(_ mapping: StrictMapping) {
        let name = mapping.string("name")
        let layout: Layout? = mapping.word("layout", default: .nchw)
        let colour: Colour? = mapping.word("colour", default: .rgb)
        let side = mapping.has("size") ? ModelInput.side(mapping) : nil
        let range = mapping.has("range") ? ModelInput.range(mapping) : nil
        let step = mapping.mapping("normalisation").flatMap {
            NormalisationStep($0, range: range, colour: colour ?? .rgb)
        }
        let normalisation = step.flatMap { step in
            mapping.attempt("normalisation") { () throws(ImagingError) in
                try Normalisation(colour == .grey ? [.luma, step] : [step])
            }
        }
        var spacing: Double?
        if let mapping = mapping.mapping("spacing-um-px", optional: true) {
            spacing = mapping.double("value", in: 0.01...1_000)
            // For people.
            let _: SpacingSource? = mapping.word("source", default: .measured)
            mapping.finish()
        }
        mapping.finish()
        guard let name, let layout, let colour, let normalisation else { return nil }
        self.name = name
        self.layout = layout
        self.colour = colour
        self.side = side
        self.normalisation = normalisation
        self.spacing = spacing
    }

    /// Height and width, or one number for both.
    private static func side(_ mapping: StrictMapping) -> Int? {
        guard let size = mapping.doubles("size") else { return nil }
        guard size.count <= 2, let side = Int(exactly: size[0]), size.allSatisfy({ $0 == size[0] }),
            (8...4_096).contains(side)
        else {
            mapping.report("size", "must be one side, or twice the same, from 8 to 4096: tiles are square")
            return nil
        }
        return side
    }

    private static func range(_ mapping: StrictMapping) -> ClosedRange<Double>? {
        guard let range = mapping.doubles("range") else { return nil }
        guard range.count == 2, range[0] < range[1] else {
            mapping.report("range", "must be what black and white are, such as [0, 1], [0, 255] or [-1, 1]")
            return nil
        }
        return range[0]...range[1]
    }
}
