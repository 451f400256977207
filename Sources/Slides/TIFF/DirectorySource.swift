import TIFF

/// The pixels of one directory of a TIFF file, or of three that hold red, green and blue, but those that pad them.
struct DirectorySource: PixelSource {
    let file: TIFFScanFile
    /// Whose rendering holds; nil for a picture that stands for itself.
    let image: Int?
    let planes: [TIFFDirectory]
    let width: Int
    let height: Int
    /// Whether the colour profile is applied, where there is one.
    var appliesProfile = true

    private var profile: ColourProfile? {
        guard appliesProfile, let image, case .applied(let profile) = file.profile(ofImage: image) else { return nil }
        return profile
    }

    var stored: StoredColours? {
        profile.map { profile in
            var source = self
            source.appliesProfile = false
            return StoredColours(source) { profile.apply(to: &$0) }
        }
    }

    var isStoredInRows: Bool {
        if case .strips = planes[0].organisation { !planes[0].orientation.swapsAxes } else { false }
    }

    func pixels(in window: PixelWindow) throws(SlideError) -> RGBImage {
        guard window.isInside(width: width, height: height) else {
            throw .outsideOfPicture(window, width: width, height: height)
        }
        let rendering = try image.map { number throws(SlideError) in try file.rendering(ofImage: number) }
        var colours: [[UInt8]] = []
        for plane in planes {
            var own = rendering ?? TIFFRendering()
            // The range is that of the full resolution's samples: a level of other ones has its own.
            if let image, !plane.hasSamples(of: file.layout.images[image].base) { own.range = nil }
            do throws(TIFFError) {
                let pixels = try file.reader.readRGB(plane, window: window, rendering: own)
                colours.append(pixels.bytes)
            } catch { throw SlideError(error) }
        }
        var pixels = colours.count == 1 ? colours.removeLast() : Self.joined(colours)
        profile?.apply(to: &pixels)
        return RGBImage(width: window.width, height: window.height, pixels: pixels)
    }

    /// Of three grey pictures `[H, W, 3]`, one whose red is the first, its green the second and its blue the third.
    private static func joined(_ colours: [[UInt8]]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: colours[0].count) { output, initialised in
            for (channel, colour) in colours.enumerated() {
                colour.withUnsafeBufferPointer { input in
                    for index in stride(from: channel, to: input.count, by: 3) { output[index] = input[index] }
                }
            }
            initialised = colours[0].count
        }
    }
}

extension TIFFDirectory {
    fileprivate func hasSamples(of other: TIFFDirectory) -> Bool {
        bitsPerSample == other.bitsPerSample && sampleFormat == other.sampleFormat
    }
}
