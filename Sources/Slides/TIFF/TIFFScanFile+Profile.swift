import TIFF

extension TIFFScanFile {
    /// What became of the colour profile of an image.
    enum Profile {
        case none
        case applied(ColourProfile)
        /// With the reason.
        case ignored(String)

        var remark: String? {
            switch self {
            case .none: nil
            case .applied: "the file's colour profile was applied"
            case .ignored(let reason): "the file's colour profile was ignored: \(reason)"
            }
        }
    }

    /// The profile of the full resolution holds for all.
    func readProfile(ofImage number: Int) -> Profile {
        let image = layout.images[number]
        let bytes = try? reader.bytes(of: .iccProfile, in: image.describing)
        guard let bytes = bytes.flatMap({ $0 }), !bytes.isEmpty else { return .none }
        guard colour.appliesProfile else { return .ignored("the pipeline says so") }
        let holdsColours = image.base.samplesPerPixel >= 3 && image.base.photometricInterpretation != .separated
        guard holdsColours || image.levels[0].count > 1 else { return .ignored("the image is not of RGB") }
        do throws(ColourProfile.Failure) {
            let profile = try ColourProfile(bytes)
            return profile.isSRGB ? .ignored("it is that of sRGB, which is what is wanted") : .applied(profile)
        } catch {
            switch error {
            case .damaged: return .ignored("it is damaged")
            case .notOfRGB: return .ignored("it is not of RGB")
            }
        }
    }
}
