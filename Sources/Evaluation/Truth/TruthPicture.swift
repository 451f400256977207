import SystemPackage

/// The forms in which masks and label images are read, told apart by their first bytes.
enum TruthPicture {
    case png, tiff

    /// - Throws: also for a file of another form: JPEG changes numbers near every edge.
    init(at path: String) throws {
        let bytes = try Self.firstBytes(of: path, count: 4)
        switch bytes {
        case [0x89, 0x50, 0x4E, 0x47]: self = .png
        case [0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B]: self = .tiff
        case _ where bytes.starts(with: [0xFF, 0xD8]):
            throw TruthPictureError(
                description:
                    "it is in JPEG, which changes the numbers at every edge: write it as PNG or TIFF, without loss")
        default:
            throw TruthPictureError(
                description: "it is neither PNG nor TIFF: write it as one of them, without loss")
        }
    }

    private static func firstBytes(of path: String, count: Int) throws -> [UInt8] {
        // Without waiting: the name may be a pipe's.
        let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
        var bytes = [UInt8](repeating: 0, count: count)
        let length = try file.closeAfter { try bytes.withUnsafeMutableBytes { try file.read(into: $0) } }
        return Array(bytes.prefix(length))
    }
}

struct TruthPictureError: Error, CustomStringConvertible {
    let description: String
}
