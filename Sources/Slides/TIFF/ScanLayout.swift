import TIFF

/// What the directories of a TIFF file are: the images to analyse, each with its levels, and pictures of the slide around them.
struct ScanLayout {
    /// Who wrote the file, as far as that tells how to read it.
    enum Dialect: String {
        case generic
        case aperio
        case ome
    }

    let dialect: Dialect
    /// The images, in the order of the file; of a file with several pages, each page is one.
    let pyramids: [Pyramid]
    /// The directories of the levels of each image.
    let levels: [[TIFFDirectory]]
    let associatedImages: [AssociatedImage]
    /// The directory of each.
    let associatedDirectories: [TIFFDirectory]

    init(of directories: [Result<TIFFDirectory, TIFFError>]) {
        let readable = directories.compactMap { try? $0.get() }
        let description = readable.first?.imageDescription ?? ""
        let ome = OMEMetadata(description)
        dialect = AperioDescription.isAperio(description) ? .aperio : ome != nil ? .ome : .generic
        var sorter = DirectorySorter(dialect: dialect, ome: ome)
        for directory in readable { sorter.add(directory) }
        levels = sorter.levels
        pyramids = levels.enumerated().map { number, levels in
            Pyramid(ofDirectories: levels, number: number, ome: ome?.image(ofDirectory: levels[0].index))
        }
        associatedDirectories = sorter.associated.map(\.directory)
        associatedImages = sorter.associated.enumerated().map { number, image in
            AssociatedImage(
                role: image.role, number: number, width: image.directory.displayedWidth,
                height: image.directory.displayedHeight)
        }
    }
}

extension Pyramid {
    /// - Parameter levels: the full resolution first.
    fileprivate init(ofDirectories levels: [TIFFDirectory], number image: Int, ome: OMEMetadata.Image?) {
        let base = levels[0]
        self.init(
            levels: levels.enumerated().map { number, directory in
                let size = LevelSize(of: directory, base: base)
                return PyramidLevel(
                    image: image, number: number, width: size.width, height: size.height, downsample: size.downsample)
            },
            claims: SpacingClaim.claims(of: base, ome: ome), summary: base.summary,
            refusal: base.refusal.map { SlideError($0) })
    }
}
