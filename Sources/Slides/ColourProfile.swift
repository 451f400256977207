import CLCMS

/// An ICC profile (ICC.1) of RGB, by which Little CMS turns a scanner's colours into sRGB.
final class ColourProfile {
    enum Failure: Error {
        /// No profile, or one that Little CMS cannot use.
        case damaged
        /// Of grey or of inks, say.
        case notOfRGB
    }

    private let transform: cmsHTRANSFORM
    /// Whether the colours are sRGB already, but for rounding.
    let isSRGB: Bool

    /// - Parameter bytes: the profile as the file holds it.
    init(_ bytes: [UInt8]) throws(Failure) {
        guard let profile = cmsOpenProfileFromMem(bytes, cmsUInt32Number(clamping: bytes.count)) else { throw .damaged }
        defer { cmsCloseProfile(profile) }
        guard cmsGetColorSpace(profile) == cmsSigRgbData else { throw .notOfRGB }
        guard let sRGB = cmsCreate_sRGBProfile() else { throw .damaged }
        defer { cmsCloseProfile(sRGB) }
        // What the profile's maker meant, but never with the tint of its white.
        let intent = cmsGetHeaderRenderingIntent(profile)
        let transform = cmsCreateTransform(
            profile, clcms_type_rgb_8, sRGB, clcms_type_rgb_8,
            intent <= cmsUInt32Number(INTENT_SATURATION) ? intent : cmsUInt32Number(INTENT_RELATIVE_COLORIMETRIC), 0)
        guard let transform else { throw .damaged }
        self.transform = transform
        isSRGB = Self.changesNothing(transform)
    }

    deinit { cmsDeleteTransform(transform) }

    private static let tolerance = 1

    private static func changesNothing(_ transform: cmsHTRANSFORM) -> Bool {
        let steps = (0...8).map { UInt8(min(255, $0 * 32)) }
        let colours = steps.flatMap { red in steps.flatMap { green in steps.flatMap { [red, green, $0] } } }
        var transformed = colours
        cmsDoTransform(transform, colours, &transformed, cmsUInt32Number(colours.count / 3))
        return zip(colours, transformed).allSatisfy { abs(Int($0) - Int($1)) <= tolerance }
    }

    /// - Parameter pixels: red, green and blue of 8 bits each, `[H, W, 3]`.
    func apply(to pixels: inout [UInt8]) {
        pixels.withUnsafeMutableBufferPointer { pixels in
            cmsDoTransform(
                transform, pixels.baseAddress, pixels.baseAddress, cmsUInt32Number(clamping: pixels.count / 3))
        }
    }
}
