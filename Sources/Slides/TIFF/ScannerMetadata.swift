import TIFF

/// What scanners write in XML about the slide as a whole.
struct ScannerMetadata {
    /// Of the full resolution.
    private(set) var spacing: SpacingClaim?
    private(set) var magnification: SpacingClaim?
    /// The brightness of glass, which stands for what was not scanned.
    private(set) var whitePoint: UInt8?
    /// Whether neighbouring tiles show a part of the slide twice: side by side they are not the picture.
    let tilesOverlap: Bool

    /// - Parameters:
    ///   - description: of the first directory.
    ///   - xmp: tag 700 of the first directories.
    init(description: String, xmp: [String]) {
        tilesOverlap = xmp.contains { Self.tellsOverlap($0) }
        if description.contains("DPUfsImport") || description.contains("DICOM_PIXEL_SPACING") {
            readPhilips(description)
        }
        for text in xmp where spacing == nil && magnification == nil { readVentana(text) }
    }

    /// Philips writes a spacing of each level, as DICOM does: millimetres, along the columns and along the rows.
    private mutating func readPhilips(_ text: String) {
        var scanner = XMLTagScanner(text)
        while let tag = scanner.next() {
            guard tag.localName == "Attribute", tag.attributes["Name"] == "DICOM_PIXEL_SPACING" else { continue }
            let values = scanner.text().split { $0 == "\"" || $0.isWhitespace || $0 == "\\" }
                .compactMap { Double(lenient: $0) }
            guard values.count == 2, values[0] > 0, values[1] > 0 else { continue }
            let claim = SpacingClaim(source: .philips, x: values[1] * 1_000, y: values[0] * 1_000)
            if claim.x < spacing?.x ?? .infinity { spacing = claim }
        }
    }

    private mutating func readVentana(_ text: String) {
        var scanner = XMLTagScanner(text)
        while let tag = scanner.next() {
            guard tag.localName == "iScan" else { continue }
            func number(_ name: String) -> Double? { tag.attributes[name].flatMap { Double(lenient: $0) } }
            spacing = number("ScanRes").flatMap { $0 > 0 ? SpacingClaim(source: .ventana, x: $0, y: $0) : nil }
            if spacing == nil { magnification = number("Magnification").flatMap { SpacingClaim(magnification: $0) } }
            whitePoint = number("ScanWhitePoint").flatMap { UInt8(exactly: $0) }.flatMap { $0 >= 128 ? $0 : nil }
            return
        }
    }
}

extension ScannerMetadata {
    /// Ventana writes by how many pixels each pair of neighbours overlaps.
    private static func tellsOverlap(_ text: String) -> Bool {
        var scanner = XMLTagScanner(text)
        while let tag = scanner.next() {
            guard tag.localName == "TileJointInfo" else { continue }
            for name in ["OverlapX", "OverlapY"] {
                if let value = tag.attributes[name], Double(lenient: value) != 0 { return true }
            }
        }
        return false
    }

    private static let directoriesLookedAt = 4

    /// What the first directories hold.
    init(of directories: [TIFFDirectory], reader: TIFFReader) {
        let xmp = directories.prefix(Self.directoriesLookedAt).compactMap { directory in
            (try? reader.bytes(of: .xmp, in: directory)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
        }
        self.init(
            description: directories.first?.imageDescription ?? "",
            xmp: xmp.filter { $0.contains("iScan") || $0.contains("EncodeInfo") })
    }
}
