import TIFF

extension SpacingClaim {
    /// What the file says about a directory's pixels, the most trustworthy claim first.
    static func claims(of directory: TIFFDirectory, ome: OMEMetadata.Image?, scanner: ScannerMetadata) -> [SpacingClaim]
    {
        let description = directory.imageDescription ?? ""
        let aperio =
            AperioDescription.isAperio(description) ? aperio(description, directory) : (mpp: [], magnification: nil)
        let claims =
            [ome?.spacing?.scaled(from: ome?.size, to: directory)] + aperio.mpp + [
                scanner.spacing, imageJ(directory), resolutionTags(directory.resolution), aperio.magnification,
                scanner.magnification,
            ]
        return claims.compactMap { $0 }
    }

    /// Aperio's `...|MPP = 0.4990|...` and `AppMag`.
    private static func aperio(
        _ description: String, _ directory: TIFFDirectory
    ) -> (mpp: [SpacingClaim], magnification: SpacingClaim?) {
        let size = AperioDescription.size(in: description)
        let mpp = AperioDescription.values(of: "MPP", in: description).compactMap { LengthUnit.micrometres(in: $0) }
        let magnifications = AperioDescription.values(of: "AppMag", in: description)
        return (
            mpp.map { SpacingClaim(source: .aperio, x: $0, y: $0).scaled(from: size, to: directory) },
            magnifications.lazy.compactMap { Double(lenient: $0.filter { $0 != "x" && $0 != "X" }) }.first.flatMap {
                SpacingClaim(magnification: $0)
            }?.scaled(from: size, to: directory)
        )
    }

    /// Ten times magnified, a pixel of a scanner shows about a micrometre.
    init?(magnification: Double) {
        guard magnification > 0, magnification.isFinite else { return nil }
        let spacing = 10 / magnification
        self.init(
            source: .magnification, x: spacing, y: spacing,
            note: "the spacing is estimated from the magnification of \(magnification): \(spacing) um/px")
    }

    /// How far sizes may differ without another program having shrunk the image.
    private static let toleratedScale = 0.98...1.02

    /// The claim, of an image of `size`, for the directory that holds it now: where another program shrank the image and left
    /// the description as it was, its pixels are larger.
    fileprivate func scaled(from size: (width: Int, height: Int)?, to directory: TIFFDirectory) -> SpacingClaim {
        guard let size, size.width > 0, size.height > 0, directory.width > 0, directory.height > 0 else { return self }
        let (scaleX, scaleY) = (
            Double(size.width) / Double(directory.width), Double(size.height) / Double(directory.height)
        )
        if Self.toleratedScale.contains(scaleX), Self.toleratedScale.contains(scaleY) { return self }
        let sizes = "\(size.width) x \(size.height) pixels, but the image has \(directory.width) x \(directory.height)"
        guard Self.toleratedScale.contains(scaleX / scaleY) else {
            // A part, or something else.
            return SpacingClaim(source: source, x: x, y: y, note: "the description speaks of \(sizes)")
        }
        return SpacingClaim(
            source: source, x: x * scaleX, y: y * scaleY,
            note: "the description speaks of \(sizes): its spacing of \(x) um/px became \(x * scaleX)")
    }

    /// ImageJ names the unit in its description and leaves ResolutionUnit at none.
    private static func imageJ(_ directory: TIFFDirectory) -> SpacingClaim? {
        guard let description = directory.imageDescription, description.hasPrefix("ImageJ="),
            let resolution = directory.resolution
        else { return nil }
        let unit = description.split(whereSeparator: \.isNewline).first { $0.hasPrefix("unit=") }?.dropFirst(
            "unit=".count)
        guard let unit, let micrometres = LengthUnit.micrometres(per: String(unit)) else { return nil }
        return SpacingClaim(source: .imageJ, x: micrometres / resolution.x, y: micrometres / resolution.y)
    }

    private static func resolutionTags(_ resolution: TIFFResolution?) -> SpacingClaim? {
        guard let resolution else { return nil }
        let micrometres: Double
        switch resolution.unit {
        case .none, .unknown: return nil
        case .inch: micrometres = 25_400
        case .centimetre: micrometres = 10_000
        case .millimetre: micrometres = 1_000
        case .micrometre: micrometres = 1
        }
        return SpacingClaim(source: .resolutionTags, x: micrometres / resolution.x, y: micrometres / resolution.y)
    }
}

extension Double {
    /// A number as people and programs of any language write it: with a decimal comma, or spaces around.
    init?(lenient text: some StringProtocol) {
        let trimmed = String(text.filter { !$0.isWhitespace })
        let number = trimmed.contains(".") ? trimmed : String(trimmed.map { $0 == "," ? "." : $0 })
        guard let value = Double(number) else { return nil }
        self = value
    }
}

/// Units of length as OME-XML and ImageJ write them.
enum LengthUnit {
    /// Micrometres in one unit; nil for a unit that is not a length, such as `pixel`.
    static func micrometres(per unit: String) -> Double? {
        switch unit {
        case "µm", "μm", "um", "micron", "microns", "micrometer", "\\u00B5m": 1
        case "nm", "nanometer": 1e-3
        case "pm": 1e-6
        case "mm", "millimeter": 1e3
        case "cm", "centimeter": 1e4
        case "dm": 1e5
        case "m", "meter": 1e6
        case "in", "inch": 25_400
        case "thou": 25.4
        case "li": 25_400.0 / 12
        case "pt": 25_400.0 / 72
        case "ft": 304_800
        case "Å": 1e-4
        default: nil
        }
    }

    /// A number that may have a unit behind it, perhaps a pixel's, such as `0.4990 um/px`; nil for other texts and units.
    static func micrometres(in text: String) -> Double? {
        let end = text.lastIndex { $0.isNumber || $0 == "." }.map(text.index(after:)) ?? text.startIndex
        guard let number = Double(lenient: text[..<end]) else { return nil }
        let unit = text[end...].replacing(/\s|(\/|per)\s*(px|pixels?)\s*$/.ignoresCase(), with: "")
        return unit.isEmpty ? number : micrometres(per: String(unit)).map { $0 * number }
    }
}
