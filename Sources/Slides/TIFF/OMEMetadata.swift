import TIFF

/// What OME-XML says about the images of a file: name, pixel size and which directories are theirs.
struct OMEMetadata: Sendable {
    struct Image: Sendable {
        var name: String?
        /// Micrometres per pixel along x and y.
        var spacing: SpacingClaim?
        /// In pixels, as the XML has it.
        var size: (width: Int, height: Int)?
        var significantBits: Int?
        var sizes = OMEPlanes.Sizes()
        var channels: [PlaneSeries.Channel] = []
        var blocks: [OMEPlanes.Block] = []
    }

    private(set) var images: [Image] = []
    /// Whether the pixels, or what is said of them, lie in other files too.
    private(set) var namesOtherFiles = false
    /// Why nobody knows which planes the file's own directories hold; nil where that is told.
    private(set) var refusal: SlideError?
    /// Images by the first directory that they name: of several, the last.
    private var starts: [(directory: Int, image: Int)] = []

    /// Nil unless the text is OME-XML.
    init?(_ description: String) {
        var scanner = XMLTagScanner(description)
        guard let root = scanner.next(), root.localName == "OME" else { return nil }
        var blockIdentifiers: Set<String> = []
        while let tag = scanner.next() {
            if tag.localName == "BinaryOnly" { namesOtherFiles = true }
            if tag.localName == "Image" { images.append(Image(name: tag.attributes["Name"])) }
            guard !images.isEmpty else { continue }
            let last = images.count - 1
            switch tag.localName {
            case "Pixels": images[last].read(tag.attributes)
            case "Channel": images[last].channels.append(PlaneSeries.Channel(ome: tag.attributes))
            case "TiffData": images[last].blocks.append(OMEPlanes.Block(tag.attributes))
            case "UUID" where !images[last].blocks.isEmpty:
                // A block of the file itself has the root's identifier.
                let identifier = scanner.text()
                if blockIdentifiers.count < 2 { blockIdentifiers.insert(identifier) }
                let isElsewhere = root.attributes["UUID"].map { $0 != identifier } ?? false
                images[last].blocks[images[last].blocks.count - 1].isElsewhere = isElsewhere
                namesOtherFiles = namesOtherFiles || isElsewhere
            default: break
            }
        }
        guard !images.isEmpty || namesOtherFiles else { return nil }
        if root.attributes["UUID"] == nil, blockIdentifiers.count > 1 {
            refusal = SlideError(.unsupported, "the file does not say which of the planes that it names are its own")
        }
        var firsts: [Int: Int] = [:]
        for (number, image) in images.enumerated() {
            let block = image.blocks.isEmpty ? OMEPlanes.Block([:]) : image.blocks.first { !$0.isElsewhere }
            if let block { firsts[block.directory ?? 0] = number }
        }
        starts = firsts.map { (directory: $0, image: $1) }.sorted { $0.image > $1.image }
    }

    /// The image that a top-level directory belongs to, if the XML tells.
    func image(of directory: TIFFDirectory) -> Image? {
        number(of: directory).map { images[$0] }
    }

    func number(of directory: TIFFDirectory) -> Int? {
        let claim = starts.first { start in
            let planes = images[start.image].sizes.planes(samples: directory.samplesPerPixel)
            return (start.directory..<start.directory + planes).contains(directory.index)
        }
        if let claim { return claim.image }
        // Of one image alone, a directory of its size is taken for it wherever it stands; others are strays.
        guard images.count == 1, let size = images[0].size else { return nil }
        return size == (directory.width, directory.height) ? 0 : nil
    }
}

extension OMEMetadata.Image {
    fileprivate mutating func read(_ pixels: [String: String]) {
        func micrometres(_ axis: String) -> Double? {
            guard let size = pixels["PhysicalSize\(axis)"].flatMap({ Double(lenient: $0) }),
                let unit = LengthUnit.micrometres(per: pixels["PhysicalSize\(axis)Unit"] ?? "µm")
            else { return nil }
            return size * unit
        }
        let (x, y) = (micrometres("X"), micrometres("Y"))
        if let first = x ?? y {
            let note = x == nil || y == nil ? "the file tells its spacing along \(x == nil ? "y" : "x") only" : nil
            spacing = SpacingClaim(source: .ome, x: first, y: y ?? first, note: note)
        }
        if let width = pixels["SizeX"].flatMap({ Int($0) }), let height = pixels["SizeY"].flatMap({ Int($0) }) {
            size = (width, height)
        }
        significantBits = pixels["SignificantBits"].flatMap { Int($0) }.flatMap { (1...64).contains($0) ? $0 : nil }
        sizes = OMEPlanes.Sizes(pixels)
    }
}

extension PlaneSeries.Channel {
    /// OME's colours are signed numbers of red, green, blue and alpha.
    fileprivate init(ome channel: [String: String]) {
        let fluorescent = ["EmissionWavelength", "ExcitationWavelength", "Fluor"]
        let colour = channel["Color"].flatMap { Int32($0) }.map { UInt32(bitPattern: $0) >> 8 }
        self.init(
            name: channel["Name"], colour: colour,
            isFluorescent: fluorescent.contains { channel[$0] != nil } || channel["ContrastMethod"] == "Fluorescence")
    }
}
