import TIFF

extension AssociatedImage.Role {
    /// What Akoya's QPTIFF says of a page in its XML; nil for an image, or other text.
    fileprivate init?(qptiff description: String) {
        guard description.contains("PerkinElmer-QPI") else { return nil }
        var scanner = XMLTagScanner(description)
        while let tag = scanner.next() {
            guard tag.localName == "ImageType" else { continue }
            switch scanner.text() {
            case "Label": self = .label
            case "Overview": self = .macro
            case "Thumbnail": self = .thumbnail
            default: return nil
            }
            return
        }
        return nil
    }
}

/// Tells, directory by directory, what is an image, what a lower resolution of it, and what a picture of the slide.
struct DirectorySorter {
    let dialect: ScanLayout.Dialect
    let ome: OMEMetadata?
    private(set) var associated: [(role: AssociatedImage.Role, directory: TIFFDirectory)] = []
    private var images: [(base: TIFFDirectory, reduced: [TIFFDirectory])] = []
    private let reader: TIFFReader

    init(dialect: ScanLayout.Dialect, ome: OMEMetadata?, reader: TIFFReader) {
        self.dialect = dialect
        self.ome = ome
        self.reader = reader
    }

    /// Of each image, the full resolution first; other levels that cannot be read, or placed, are left out, and so are those
    /// of one size, which may be of several images, those to be turned otherwise than their image: who shrinks the stored
    /// pixels may forget to say that they are turned; and those that lack tiles which the full resolution has.
    var levels: [[TIFFDirectory]] {
        images.map { image in
            let placed = image.reduced.filter {
                $0.refusal == nil && !LevelSize.isAmbiguous($0, base: image.base)
                    && $0.orientation == image.base.orientation && !isIncomplete($0, of: image.base)
            }
            let widths = Dictionary(grouping: placed, by: \.displayedWidth)
            return [image.base]
                + widths.values.filter { $0.count == 1 }.map { $0[0] }.sorted { $0.displayedWidth > $1.displayedWidth }
        }
    }

    private func isIncomplete(_ level: TIFFDirectory, of base: TIFFDirectory) -> Bool {
        func lacks(_ directory: TIFFDirectory) -> Bool { (try? reader.leavesOutPieces(of: directory)) ?? false }
        return lacks(level) && !lacks(base)
    }

    mutating func add(_ directory: TIFFDirectory) {
        let pictures = pictures(behind: directory)
        guard pictures.isEmpty else {
            associated.append((.thumbnail, directory))
            for picture in pictures { add(picture) }
            return
        }
        if let role = role(of: directory) {
            associated.append((role, directory))
            return
        }
        let earlier = takeReduced(of: directory)
        guard let base = images.last?.base, isReduced(directory, of: base) else {
            images.append((directory, earlier))
            addSubdirectories(of: directory)
            return
        }
        images[images.count - 1].reduced += earlier + [directory]
    }

    /// Lower resolutions that come before their image, as some writers have them, the smallest first. What says that it is
    /// one is a thumbnail there.
    private mutating func takeReduced(of directory: TIFFDirectory) -> [TIFFDirectory] {
        var reduced: [TIFFDirectory] = []
        while let last = images.last, isReduced(last.base, of: directory) {
            images.removeLast()
            let directories = [last.base] + last.reduced
            if last.base.subfileType.contains(.reducedResolution) {
                associated += directories.map { (.thumbnail, $0) }
            } else {
                reduced += directories
            }
        }
        return reduced
    }

    /// What a thumbnail stands for: TIFF/EP and DNG put the picture into a sub-IFD of a thumbnail.
    private func pictures(behind directory: TIFFDirectory) -> [TIFFDirectory] {
        let children = directory.subdirectories.compactMap { try? $0.get() }
        let hasLarger = children.contains { child in
            !child.subfileType.contains(.reducedResolution) && child.width > directory.width
                && child.height > directory.height
        }
        return hasLarger ? children : []
    }

    /// A thumbnail of a picture that cannot be read is not analysed in its stead.
    private func hidesPicture(_ directory: TIFFDirectory) -> Bool {
        images.isEmpty && directory.subfileType.contains(.reducedResolution) && !directory.subdirectories.isEmpty
            && directory.subdirectories.allSatisfy { (try? $0.get()) == nil }
    }

    /// Sub-IFDs hold lower resolutions, but may hold anything.
    private mutating func addSubdirectories(of directory: TIFFDirectory) {
        for case .success(let child) in directory.subdirectories
        where hasAspect(of: directory, child) && child.displayedWidth < directory.displayedWidth {
            images[images.count - 1].reduced.append(child)
        }
    }

    /// What a directory that is no image of tissue shows; nil for one that may be.
    private func role(of directory: TIFFDirectory) -> AssociatedImage.Role? {
        if directory.subfileType.contains(.mask) { return .mask }
        if hidesPicture(directory) { return .thumbnail }
        if let named = namedRole(of: directory) { return named }
        switch dialect {
        case .aperio: return aperioRole(of: directory)
        case .ome, .generic:
            let isReduced = directory.subfileType.contains(.reducedResolution)
            guard isReduced, let base = images.last?.base, !hasAspect(of: base, directory) else { return nil }
            return .thumbnail
        }
    }

    /// By the name that the writer gave the picture.
    private func namedRole(of directory: TIFFDirectory) -> AssociatedImage.Role? {
        var names = [directory.pageName, ome?.image(of: directory)?.name]
        if let description = directory.imageDescription {
            if let role = AssociatedImage.Role(qptiff: description) { return role }
            // A long description may mention a label without being one.
            names.append(dialect == .aperio ? AperioDescription.imageName(in: description) : description)
        }
        for name in names.compactMap({ $0 }) where name.utf8.count <= 32 {
            let words = name.lowercased().split { !$0.isLetter }
            if words.contains("label") { return .label }
            if words.contains("macro") || words.contains("overview") { return .macro }
            if words.contains("thumbnail") { return .thumbnail }
            // Where Ventana's scanner thinks that there is tissue.
            if words == ["probability", "image"] { return .mask }
        }
        return nil
    }

    /// Aperio's levels are tiled; its second directory is a thumbnail in strips, its last are label and macro in strips.
    private func aperioRole(of directory: TIFFDirectory) -> AssociatedImage.Role? {
        guard let base = images.first?.base, case .tiles = base.organisation, case .strips = directory.organisation
        else { return nil }
        // 9: reduced resolution and bit 3, Aperio's own mark for macro images.
        if directory.subfileType.rawValue == 9 { return .macro }
        return hasAspect(of: base, directory) ? .thumbnail : .label
    }

    /// Whether the directory is a lower resolution of the image.
    ///
    /// It is where it says so and has the image's shape. Some writers do not say so: then its sides have to be the image's
    /// divided by a whole number, which pages of a document hardly ever are, and it must show the same.
    private func isReduced(_ directory: TIFFDirectory, of base: TIFFDirectory) -> Bool {
        guard directory.displayedWidth < base.displayedWidth, hasAspect(of: base, directory) else { return false }
        if directory.subfileType.contains(.reducedResolution) || dialect == .aperio { return true }
        guard directory.displayedWidth > 0, directory.displayedHeight > 0, !isSection(directory, beside: base),
            directory.photometricInterpretation == base.photometricInterpretation,
            directory.samplesPerPixel == base.samplesPerPixel
        else { return false }
        let factor = (Double(base.displayedWidth) / Double(directory.displayedWidth)).rounded()
        func isQuotient(_ side: Int, of whole: Int) -> Bool { abs(Double(side) - Double(whole) / factor) <= 1 }
        return factor >= 2 && isQuotient(directory.displayedWidth, of: base.displayedWidth)
            && isQuotient(directory.displayedHeight, of: base.displayedHeight)
            && LevelLikeness(of: directory, in: base, reader)?.showsTheSame != false
    }

    /// Whether OME-XML has it as an image of its own with pixels as large as the other's: then it is no lower resolution.
    private func isSection(_ directory: TIFFDirectory, beside base: TIFFDirectory) -> Bool {
        guard let ome, let own = ome.number(of: directory), let other = ome.number(of: base), own != other,
            let ownSpacing = ome.images[own].spacing?.spacing?.micrometresPerPixel,
            let otherSpacing = ome.images[other].spacing?.spacing?.micrometresPerPixel
        else { return false }
        return ownSpacing < otherSpacing * 1.5
    }

    /// Whether the shapes agree, as far as sizes rounded to pixels (or cut to whole tiles) can tell.
    private func hasAspect(of base: TIFFDirectory, _ directory: TIFFDirectory) -> Bool {
        guard base.displayedWidth > 0, directory.displayedWidth > 0 else { return false }
        let expected = Double(base.displayedHeight) * Double(directory.displayedWidth) / Double(base.displayedWidth)
        return abs(Double(directory.displayedHeight) - expected) <= max(2, 0.02 * expected)
    }
}
