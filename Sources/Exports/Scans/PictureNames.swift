import Findings
import Listings

/// What the file of a picture is called, without a suffix.
public enum PictureNaming: String, Sendable, Hashable, CaseIterable {
    /// The scan's hash: it names nobody.
    case hash
    /// The scan's file name without its suffix, by which viewers find the slide that it belongs to.
    case scan
}

/// Gives the pictures of an export their names, no two the same.
struct PictureNames {
    private let naming: PictureNaming
    private var taken: Set<String> = []

    /// What is left of a file system's 255 bytes for a suffix.
    private static let longestName = 200

    init(_ naming: PictureNaming) {
        self.naming = naming
    }

    mutating func name(of picture: PictureFindings) -> String {
        let image = picture.image == 0 ? "" : ".image\(picture.image)"
        guard naming == .scan else { return picture.sha256.hexadecimal + image }
        let name = Self.stem(of: picture.path) + image
        // Of two scans of one name, the second one says which it is. To some file systems, letters' case makes no name.
        if taken.insert(name.lowercased()).inserted { return name }
        return "\(name)-\(picture.sha256.prefix)"
    }

    private static func stem(of path: String) -> String {
        let name = ScanPath(path).lastComponent ?? ""
        let withoutSuffix = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let plain = String(
            withoutSuffix.unicodeScalars.map { scalar -> Character in
                scalar.value < 0x20 || scalar.value == 0x7F || "\\:*?\"<>|".unicodeScalars.contains(scalar)
                    ? "_" : Character(scalar)
            })
        let visible = plain.hasPrefix(".") || plain.isEmpty ? "_" + plain : plain
        guard visible.utf8.count > longestName else { return visible }
        var short = visible
        while short.utf8.count > longestName { short.removeLast() }
        return short
    }
}
