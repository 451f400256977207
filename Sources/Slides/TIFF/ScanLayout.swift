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
    /// The images, the largest first, then in the order of the file; of a file with several pages, each page is one.
    let pyramids: [Pyramid]
    /// The directories of each.
    let images: [TIFFImage]
    let scanner: ScannerMetadata
    let associatedImages: [AssociatedImage]
    /// The directory of each.
    let associatedDirectories: [TIFFDirectory]

    init(of reader: TIFFReader, colour: ColourReading) {
        let readable = reader.directories.compactMap { try? $0.get() }
        let description = readable.first?.imageDescription ?? ""
        let ome = OMEMetadata(description)
        dialect = AperioDescription.isAperio(description) ? .aperio : ome != nil ? .ome : .generic
        var sorter = DirectorySorter(dialect: dialect, ome: ome, reader: reader)
        for directory in readable { sorter.add(directory) }
        scanner = ScannerMetadata(of: readable, reader: reader)
        images = Self.largestFirst(
            TIFFImage.images(of: sorter.levels, ome: ome, colour: colour, reader: reader))
        pyramids = images.enumerated().map { [scanner] number, image in
            Pyramid(
                image, number: number, scanner: scanner,
                remarks: ome?.namesOtherFiles == true ? ["other planes of the scan lie in another file"] : [])
        }
        associatedDirectories = sorter.associated.map(\.directory)
        associatedImages = sorter.associated.enumerated().map { number, image in
            AssociatedImage(
                role: image.role, number: number, width: image.directory.displayedWidth,
                height: image.directory.displayedHeight)
        }
    }

    private static func largestFirst(_ images: [TIFFImage]) -> [TIFFImage] {
        // As numbers that cannot overflow: a header may say anything.
        func area(_ number: Int) -> Double {
            Double(images[number].base.displayedWidth) * Double(images[number].base.displayedHeight)
        }
        guard var largest = images.indices.first else { return [] }
        for number in images.indices where area(number) > area(largest) { largest = number }
        return [images[largest]] + images.indices.filter { $0 != largest }.map { images[$0] }
    }
}

extension Pyramid {
    fileprivate init(_ image: TIFFImage, number imageNumber: Int, scanner: ScannerMetadata, remarks: [String]) {
        let base = image.base
        self.init(
            levels: image.levels.enumerated().map { number, planes in
                let size = LevelSize(of: planes[0], base: base)
                return PyramidLevel(
                    image: imageNumber, number: number, width: size.width, height: size.height,
                    downsample: size.downsample, extent: size.extent)
            },
            claims: SpacingClaim.claims(of: image.describing, ome: image.ome, scanner: scanner), summary: base.summary,
            remarks: remarks + image.remarks, refusal: image.refusal ?? base.refusal.map { SlideError($0) })
    }
}
