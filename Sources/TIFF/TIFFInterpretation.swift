/// What the samples mean: the value of tag 262.
public enum PhotometricInterpretation: Sendable, Hashable {
    case minIsWhite, minIsBlack, rgb, palette, transparencyMask, separated, yCbCr
    case cieLab, iccLab, ituLab, logL, logLuv
    case other(UInt16)

    public init(rawValue: UInt16) {
        switch rawValue {
        case 0: self = .minIsWhite
        case 1: self = .minIsBlack
        case 2: self = .rgb
        case 3: self = .palette
        case 4: self = .transparencyMask
        case 5: self = .separated
        case 6: self = .yCbCr
        case 8: self = .cieLab
        case 9: self = .iccLab
        case 10: self = .ituLab
        case 32844: self = .logL
        case 32845: self = .logLuv
        default: self = .other(rawValue)
        }
    }

    public var name: String {
        switch self {
        case .minIsWhite: "min-is-white"
        case .minIsBlack: "min-is-black"
        case .rgb: "RGB"
        case .palette: "palette"
        case .transparencyMask: "transparency mask"
        case .separated: "separated"
        case .yCbCr: "YCbCr"
        case .cieLab: "CIE L*a*b*"
        case .iccLab: "ICC L*a*b*"
        case .ituLab: "ITU L*a*b*"
        case .logL: "LogL"
        case .logLuv: "LogLuv"
        case .other(let value): "photometric interpretation \(value)"
        }
    }

    /// How many samples of a pixel carry colour; those after them are extra samples.
    var colourSamples: Int {
        switch self {
        case .rgb, .yCbCr, .cieLab, .iccLab, .ituLab, .logLuv: 3
        case .separated: 4
        default: 1
        }
    }
}

/// Whether a pixel's samples lie together or in planes of their own: tag 284.
public enum PlanarConfiguration: UInt16, Sendable, Hashable {
    case contiguous = 1
    case separate = 2
}

/// How a sample's bits are to be read: tag 339.
public enum SampleFormat: UInt16, Sendable, Hashable {
    case unsigned = 1
    case signed = 2
    case floatingPoint = 3
    case undefined = 4
    case complexSigned = 5
    case complexFloatingPoint = 6
}

/// What a sample beyond the colour means: tag 338.
public enum ExtraSample: UInt16, Sendable, Hashable {
    case unspecified = 0
    case associatedAlpha = 1
    case unassociatedAlpha = 2
}

/// The unit of the resolution tags: tag 296. TIFF 6.0 has three; tifffile and others write the two after them.
public enum ResolutionUnit: UInt16, Sendable, Hashable {
    /// A number that nobody knows.
    case unknown = 0
    case none = 1
    case inch = 2
    case centimetre = 3
    case millimetre = 4
    case micrometre = 5
}

/// Where the stored rows and columns lie when displayed: tag 274.
public enum Orientation: UInt16, Sendable, Hashable, CaseIterable {
    case topLeft = 1, topRight, bottomRight, bottomLeft, leftTop, rightTop, rightBottom, leftBottom

    /// Whether stored rows are displayed as columns.
    public var swapsAxes: Bool { rawValue >= 5 }
    /// Whether the displayed x runs against the stored axis that it comes from.
    var mirrorsX: Bool { [.topRight, .bottomRight, .rightTop, .rightBottom].contains(self) }
    /// Whether the displayed y runs against the stored axis that it comes from.
    var mirrorsY: Bool { [.bottomRight, .bottomLeft, .rightBottom, .leftBottom].contains(self) }
}

/// What kind of image this is: the bits of tag 254 (or their equivalent in the older tag 255).
public struct SubfileType: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static let reducedResolution = SubfileType(rawValue: 1)
    public static let page = SubfileType(rawValue: 2)
    public static let mask = SubfileType(rawValue: 4)
}

/// How the image is cut into separately compressed pieces.
public enum TIFFOrganisation: Sendable, Hashable {
    case strips(rowsPerStrip: Int)
    case tiles(width: Int, height: Int)
}
