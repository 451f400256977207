/// What OME-XML says about the images of a file: name, pixel size and which directories are theirs.
struct OMEMetadata: Sendable {
    struct Image: Sendable, Hashable {
        var name: String?
        /// Micrometres per pixel along x and y.
        var spacing: SpacingClaim?
        /// The number of the image's first directory, where the XML tells.
        var firstDirectory: Int?
        /// Planes (channels × focal planes × times), each a directory; three samples of a pixel are one plane.
        var planeCount = 1
    }

    let images: [Image]

    /// Nil unless the text is OME-XML.
    init?(_ description: String) {
        var scanner = XMLTagScanner(description)
        guard scanner.next()?.localName == "OME" else { return nil }
        var images: [Image] = []
        var hasTiffData = false
        while let tag = scanner.next() {
            switch tag.localName {
            case "Image":
                images.append(Image(name: tag.attributes["Name"]))
                hasTiffData = false
            case "Pixels" where !images.isEmpty:
                images[images.count - 1].spacing = Self.spacing(in: tag.attributes)
                images[images.count - 1].planeCount = Self.planeCount(in: tag.attributes)
            case "TiffData" where !images.isEmpty && !hasTiffData:
                images[images.count - 1].firstDirectory = tag.attributes["IFD"].flatMap { Int($0) } ?? 0
                hasTiffData = true
            default: break
            }
        }
        guard !images.isEmpty else { return nil }
        self.images = images
    }

    /// The image that a top-level directory belongs to, if the XML tells.
    func image(ofDirectory index: Int) -> Image? {
        if images.count == 1 { return images[0] }
        return images.last { image in
            guard let first = image.firstDirectory else { return false }
            return (first..<first + image.planeCount).contains(index)
        }
    }

    private static func spacing(in attributes: [String: String]) -> SpacingClaim? {
        func micrometres(_ axis: String) -> Double? {
            guard let text = attributes["PhysicalSize\(axis)"], let size = Double(text),
                let unit = LengthUnit.micrometres(per: attributes["PhysicalSize\(axis)Unit"] ?? "µm")
            else { return nil }
            return size * unit
        }
        guard let x = micrometres("X"), let y = micrometres("Y") else { return nil }
        return SpacingClaim(source: .ome, x: x, y: y)
    }

    private static func planeCount(in attributes: [String: String]) -> Int {
        ["SizeZ", "SizeC", "SizeT"].reduce(1) { count, name in
            let size = attributes[name].flatMap { Int($0) } ?? 1
            return (1...1_000_000).contains(size) && count <= 1_000_000 ? count * size : count
        }
    }
}
