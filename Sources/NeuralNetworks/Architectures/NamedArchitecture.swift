/// A network by the name that people type: `resnet-18`, `ResNet18`, `vgg-16-bn`, `u-net-32`, `star-convex-32`.
public enum NamedArchitecture: Sendable, Hashable {
    case leNet5
    case alexNet
    case vgg(VGG.Depth, VGG.Normalisation)
    case resNet(ResNet.Depth)
    /// Channels at full resolution, and how often the resolution is halved.
    case uNet(baseChannels: Int, depth: Int)
    case objects(ObjectUNet.Form, baseChannels: Int)

    /// What ``init(_:)`` takes, in the usual spelling.
    public static let spellings: [String] =
        ["lenet-5", "alexnet"] + VGG.Depth.allCases.flatMap { ["vgg-\($0.rawValue)", "vgg-\($0.rawValue)-bn"] }
        + ResNet.Depth.allCases.map { "resnet-\($0.rawValue)" } + ["u-net-CHANNELS", "u-net-CHANNELSxDEPTH"]
        + ObjectUNet.Form.allCases.map { "\($0.rawValue)-CHANNELS" }

    /// - Parameter name: in any case, with or without hyphens.
    public init?(_ name: String) {
        let word = name.lowercased().filter { !"-_ ".contains($0) }
        switch word {
        case "lenet5", "lenet": self = .leNet5
        case "alexnet": self = .alexNet
        default:
            if let network = Self.vgg(word) ?? Self.resNet(word) ?? Self.uNet(word) ?? Self.objects(word) {
                self = network
            } else {
                return nil
            }
        }
    }

    private static func vgg(_ word: String) -> NamedArchitecture? {
        guard word.hasPrefix("vgg") else { return nil }
        let isNormalised = word.hasSuffix("bn")
        guard let layers = Int(word.dropFirst(3).dropLast(isNormalised ? 2 : 0)),
            let depth = VGG.Depth(rawValue: layers)
        else { return nil }
        return .vgg(depth, isNormalised ? .batch : .none)
    }

    private static func resNet(_ word: String) -> NamedArchitecture? {
        guard word.hasPrefix("resnet"), let layers = Int(word.dropFirst(6)) else { return nil }
        return ResNet.Depth(rawValue: layers).map { .resNet($0) }
    }

    private static func uNet(_ word: String) -> NamedArchitecture? {
        guard word.hasPrefix("unet") else { return nil }
        let standard = UNet()
        guard word != "unet" else { return .uNet(baseChannels: standard.baseChannels, depth: standard.depth) }
        let parts = word.dropFirst(4).split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard 1...2 ~= parts.count, let channels = parts[0], let depth = parts.count == 2 ? parts[1] : standard.depth
        else { return nil }
        return .uNet(baseChannels: channels, depth: depth)
    }

    private static func objects(_ word: String) -> NamedArchitecture? {
        for form in ObjectUNet.Form.allCases {
            let start = form.rawValue.filter { $0 != "-" }
            if word.hasPrefix(start), let channels = Int(word.dropFirst(start.count)) {
                return .objects(form, baseChannels: channels)
            }
        }
        return nil
    }

    /// Whether it answers with a score for each class, and not with maps.
    public var isClassifier: Bool {
        switch self {
        case .leNet5, .alexNet, .vgg, .resNet: true
        case .uNet, .objects: false
        }
    }

    /// The network.
    ///
    /// - Parameter classes: outputs; as many as the paper has where it is nil.
    public func network(classes: Int? = nil) -> any Architecture {
        switch self {
        case .leNet5: classes.map { LeNet5(classes: $0) } ?? LeNet5()
        case .alexNet: classes.map { AlexNet(classes: $0) } ?? AlexNet()
        case .vgg(let depth, let normalisation):
            classes.map { VGG(depth, normalisation: normalisation, classes: $0) }
                ?? VGG(depth, normalisation: normalisation)
        case .resNet(let depth): classes.map { ResNet(depth, classes: $0) } ?? ResNet(depth)
        case .uNet(let channels, let depth):
            classes.map { UNet(depth: depth, baseChannels: channels, classes: $0) }
                ?? UNet(depth: depth, baseChannels: channels)
        case .objects(let form, let channels):
            classes.map { ObjectUNet(form, baseChannels: channels, classes: $0) }
                ?? ObjectUNet(form, baseChannels: channels)
        }
    }
}
