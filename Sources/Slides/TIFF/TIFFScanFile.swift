import TIFF

/// A TIFF file as a scan, with what its directories are.
package final class TIFFScanFile: ScanFile {
    package let reader: TIFFReader
    let layout: ScanLayout
    let colour: ColourReading
    private var renderings: [Int: TIFFRendering] = [:]
    /// Images whose lowest resolution cannot be read.
    private var damagedImages: Set<Int> = []
    private var profiles: [Int: Profile] = [:]

    /// Reads through an open descriptor, which is duplicated.
    package init(fileDescriptor: Int32, limits: ReadingLimits = .default) throws(SlideError) {
        do throws(TIFFError) {
            reader = try TIFFReader(fileDescriptor: fileDescriptor, limits: TIFFLimits(limits))
        } catch { throw SlideError(error) }
        colour = limits.colour
        layout = ScanLayout(of: reader, colour: colour)
    }

    package init(path: String) throws(SlideError) {
        do throws(TIFFError) { reader = try TIFFReader(path: path) } catch { throw SlideError(error) }
        colour = ColourReading()
        layout = ScanLayout(of: reader, colour: colour)
    }

    package var container: String {
        "\(reader.isBigTIFF ? "BigTIFF" : "TIFF"), \(reader.isBigEndian ? "big" : "little")-endian"
    }
    package var dialect: String { layout.dialect.rawValue }
    /// The first directory tells whose file it is. What is stored as overlapping tiles must not pass for a plain picture.
    package var refusal: SlideError? {
        if case .failure(let error) = reader.directories.first { return SlideError(error) }
        return layout.scanner.tilesOverlap
            ? SlideError(.unsupported, "the tiles overlap, and OpenSlide cannot join them") : nil
    }
    package var isLabelImage: Bool {
        if case .success(let directory) = reader.directories.first {
            directory.software == LabelImage.software
        } else {
            false
        }
    }
    package var pyramids: [Pyramid] { layout.pyramids }
    package var associatedImages: [AssociatedImage] { layout.associatedImages }

    /// The directory of a level, or that of its red.
    package func directory(of level: PyramidLevel) -> TIFFDirectory {
        layout.images[level.image].levels[level.number][0]
    }

    package func pixels(of level: PyramidLevel) -> any PixelSource {
        DirectorySource(
            file: self, image: level.image, planes: layout.images[level.image].levels[level.number], width: level.width,
            height: level.height)
    }

    package func pixels(of image: AssociatedImage) -> any PixelSource {
        DirectorySource(
            file: self, image: nil, planes: [layout.associatedDirectories[image.number]], width: image.width,
            height: image.height)
    }

    package func remarks(on pyramid: Pyramid) throws(SlideError) -> [String] {
        let number = pyramid.levels[0].image
        let rendering = try rendering(ofImage: number)
        let damage =
            damagedImages.contains(number)
            ? "the lowest resolution cannot be read: the depth of the samples was told by the full one" : nil
        let alpha = rendering.ignoresAlpha ? "transparency was ignored: it would hide all of the image" : nil
        return [rendering.range?.remark, damage, alpha, profile(ofImage: number).remark].compactMap { $0 }
    }

    func profile(ofImage number: Int) -> Profile {
        if let known = profiles[number] { return known }
        let profile = readProfile(ofImage: number)
        profiles[number] = profile
        return profile
    }

    /// How the samples of an image become colours, at all its resolutions: by those of the lowest, which has the same
    /// values and fewer.
    func rendering(ofImage number: Int) throws(SlideError) -> TIFFRendering {
        if let known = renderings[number] { return known }
        let image = layout.images[number]
        var range: SampleRange?
        do throws(TIFFError) {
            for (plane, directory) in image.levels[0].enumerated() {
                let found = try self.range(of: directory, plane: plane, image: number)
                if found.highest > range?.highest ?? -.infinity { range = found }
            }
        } catch { throw SlideError(error) }
        let glass = layout.scanner.whitePoint ?? 255
        let rendering = TIFFRendering(
            range: range, background: RGBColour(red: glass, green: glass, blue: glass),
            ignoresAlpha: hidesAllColours(of: image))
        renderings[number] = rendering
        return rendering
    }

    /// Where the lowest resolution is damaged, alpha is meant.
    private func hidesAllColours(of image: TIFFImage) -> Bool {
        guard let lowest = image.levels.last, lowest.count == 1 else { return false }
        return (try? reader.hidesAllColours(of: lowest[0])) ?? false
    }

    /// Where the lowest resolution is damaged, the full one tells.
    private func range(of directory: TIFFDirectory, plane: Int, image number: Int) throws(TIFFError) -> SampleRange {
        let image = layout.images[number]
        let bits = image.ome?.significantBits
        do throws(TIFFError) {
            let lowest = image.levels[image.levels.count - 1][plane]
            return try reader.sampleRange(of: directory, lookingAt: lowest, significantBits: bits)
        } catch {
            guard image.levels.count > 1 else { throw error }
            damagedImages.insert(number)
            return try reader.sampleRange(of: directory, significantBits: bits)
        }
    }
}
