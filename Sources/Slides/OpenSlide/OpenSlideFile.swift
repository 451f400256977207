/// A scanner's file, read by OpenSlide.
final class OpenSlideFile: ScanFile {
    let container = "OpenSlide"
    let dialect: String
    let refusal: SlideError? = nil
    let pyramids: [Pyramid]
    let associatedImages: [AssociatedImage]
    private let handle: OpenSlideHandle
    private let background: PixelBackground
    private let associatedNames: [String]

    init(_ files: ScanFiles, limits: ReadingLimits) throws(SlideError) {
        handle = try OpenSlideHandle(files)
        dialect = handle.property("openslide.vendor") ?? "unknown"
        background = PixelBackground(hexadecimal: handle.property("openslide.background-color")) ?? .white
        pyramids = [try Self.pyramid(of: handle, vendor: dialect, limits: limits)]
        var images: [AssociatedImage] = []
        var names: [String] = []
        for name in handle.associatedImageNames {
            guard let role = AssociatedImage.Role(rawValue: name) else { continue }
            let (width, height) = handle.size(ofAssociatedImage: name)
            images.append(AssociatedImage(role: role, number: images.count, width: width, height: height))
            names.append(name)
        }
        associatedImages = images
        associatedNames = names
    }

    private static func pyramid(
        of handle: borrowing OpenSlideHandle, vendor: String, limits: ReadingLimits
    ) throws(SlideError) -> Pyramid {
        let base = handle.size(ofLevel: 0)
        guard base.width > 0, base.height > 0 else {
            throw SlideError(.malformed, "OpenSlide finds no size of the slide")
        }
        let (pixels, overflow) = base.width.multipliedReportingOverflow(by: base.height)
        guard !overflow, pixels <= limits.maximumPixelsPerImage else {
            throw SlideError(.limit, "an image of more than \(limits.maximumPixelsPerImage) pixels")
        }
        var levels: [PyramidLevel] = []
        for level in 0..<handle.levelCount {
            let (told, stored) = (handle.downsample(ofLevel: level), handle.size(ofLevel: level))
            // Computed from what the file says, be it 0 or nothing.
            guard told.isFinite, told >= 1, stored.width > 0, stored.height > 0 else {
                throw SlideError(.malformed, "OpenSlide finds no place of level \(level)")
            }
            // By default OpenSlide divides sizes that were rounded.
            let whole = LevelFactor.whole(
                width: stored.width, height: stored.height, ofWidth: base.width, height: base.height)
            let downsample = whole.map { Double($0) } ?? told
            // Levels may be padded to whole tiles; what counts is where their pixels lie on level 0.
            func side(_ stored: Int, _ base: Int) -> Int {
                let exact = Double(base) / downsample
                return abs(exact - Double(stored)) < 1 ? stored : max(1, Int(exact.rounded()))
            }
            levels.append(
                PyramidLevel(
                    image: 0, number: Int(level), width: side(stored.width, base.width),
                    height: side(stored.height, base.height), downsample: downsample,
                    extent: PixelExtent(
                        width: Double(base.width) / downsample, height: Double(base.height) / downsample)))
        }
        let power = handle.property("openslide.objective-power").map { ", \($0)x" } ?? ""
        return Pyramid(
            levels: levels, claims: claims(of: handle), summary: "OpenSlide, \(vendor)\(power)",
            remarks: remarks(on: handle))
    }

    private static func remarks(on handle: borrowing OpenSlideHandle) -> [String] {
        guard let layers = handle.property("hamamatsu.NoLayers").flatMap({ Int($0) }), layers > 1 else { return [] }
        return ["of \(layers) focal planes the first was analysed: OpenSlide reads no other"]
    }

    private static func claims(of handle: borrowing OpenSlideHandle) -> [SpacingClaim] {
        func number(_ name: String) -> Double? {
            handle.property("openslide.\(name)").flatMap { Double(lenient: $0) }.flatMap { $0.isFinite ? $0 : nil }
        }
        let (x, y) = (number("mpp-x"), number("mpp-y"))
        let note = x == nil || y == nil ? "the file tells its spacing along \(x == nil ? "y" : "x") only" : nil
        let told = (x ?? y).map { SpacingClaim(source: .openSlide, x: $0, y: y ?? $0, note: note) }
        return [told, number("objective-power").flatMap { SpacingClaim(magnification: $0) }].compactMap(\.self)
    }

    func pixels(of level: PyramidLevel) -> any PixelSource { LevelSource(file: self, level: level) }

    func pixels(of image: AssociatedImage) -> any PixelSource { AssociatedSource(file: self, image: image) }

    func pages(statistics: Bool) -> [ScanPage] {
        let levels = pyramids[0].levels.map { level in
            var page = ScanPage(index: level.number, role: "image 0, level \(level.number)")
            (page.width, page.height, page.samplesPerPixel) = (level.width, level.height, 3)
            page.samples = pyramids[0].summary
            page.micrometresPerPixel = pyramids[0].spacing.micrometresPerPixel.map { $0 * level.downsample }
            page.spacingSource = pyramids[0].spacing.source
            return page
        }
        return levels
            + associatedImages.map { image in
                var page = ScanPage(index: levels.count + image.number, role: image.role.rawValue)
                (page.width, page.height, page.samplesPerPixel) = (image.width, image.height, 3)
                return page
            }
    }

    private struct LevelSource: PixelSource {
        let file: OpenSlideFile
        let level: PyramidLevel

        var width: Int { level.width }
        var height: Int { level.height }

        func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage {
            guard window.isInside(width: width, height: height) else {
                throw .outsideOfPicture(window, width: width, height: height)
            }
            // OpenSlide asks for pixels of level 0, and divides them by its own factor.
            let downsample = file.handle.downsample(ofLevel: Int32(level.number))
            let pixels = try file.handle.pixels(
                level: Int32(level.number), x: Int((Double(window.x) * downsample).rounded()),
                y: Int((Double(window.y) * downsample).rounded()), width: window.width, height: window.height)
            return file.background.image(under: pixels, width: window.width, height: window.height)
        }
    }

    private struct AssociatedSource: PixelSource {
        let file: OpenSlideFile
        let image: AssociatedImage

        var width: Int { image.width }
        var height: Int { image.height }

        func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage {
            let pixels = try file.handle.pixels(ofAssociatedImage: file.associatedNames[image.number])
            return try file.background.image(under: pixels, width: width, height: height).pixels(in: window)
        }
    }
}
