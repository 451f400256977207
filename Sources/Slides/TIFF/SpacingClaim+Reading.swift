import TIFF

extension SpacingClaim {
    /// What a directory says about its own pixels, the most trustworthy claim first.
    static func claims(of directory: TIFFDirectory, ome: OMEMetadata.Image?) -> [SpacingClaim] {
        [ome?.spacing, aperio(directory.imageDescription), imageJ(directory), resolutionTags(directory.resolution)]
            .compactMap { $0 }
    }

    /// Aperio's `...|MPP = 0.4990|...`.
    private static func aperio(_ description: String?) -> SpacingClaim? {
        guard let description, AperioDescription.isAperio(description),
            let text = AperioDescription.value(of: "MPP", in: description), let spacing = Double(text)
        else { return nil }
        return SpacingClaim(source: .aperio, x: spacing, y: spacing)
    }

    /// ImageJ names the unit in its description and leaves ResolutionUnit at none.
    private static func imageJ(_ directory: TIFFDirectory) -> SpacingClaim? {
        guard let description = directory.imageDescription, description.hasPrefix("ImageJ="),
            let resolution = directory.resolution
        else { return nil }
        let unit = description.split(separator: "\n").first { $0.hasPrefix("unit=") }?.dropFirst("unit=".count)
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

/// Units of length as OME-XML and ImageJ write them.
enum LengthUnit {
    /// Micrometres in one unit; nil for a unit that is not a length, such as `pixel`.
    static func micrometres(per unit: String) -> Double? {
        switch unit {
        case "µm", "μm", "um", "micron", "microns", "micrometer", "\\u00B5m": 1
        case "nm", "nanometer": 1e-3
        case "mm", "millimeter": 1e3
        case "cm", "centimeter": 1e4
        case "m", "meter": 1e6
        case "in", "inch": 25_400
        case "Å": 1e-4
        default: nil
        }
    }
}
