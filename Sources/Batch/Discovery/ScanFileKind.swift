import Glibc
import Slides

/// What a file is, judged by its name and, where the name does not tell, by its first bytes.
enum ScanFileKind: Sendable, Hashable {
    case scan
    /// Images in a format that nothing here reads, by the format's name.
    case unread(String)
    case other

    /// Suffixes of what compresses one file: a scan in it cannot be read where it is.
    private static let packed: Set<String> = ["gz", "bz2", "xz", "zst", "zip", "7z"]

    /// What else holds pictures that nothing here reads, by suffix. Not PNG: no scanner writes it, and masks and thumbnails lie
    /// beside scans in it.
    private static let unread: [String: String] = [
        "dzi": "Deep Zoom", "szi": "Deep Zoom", "zarr": "Zarr", "lof": "Leica LOF", "xlef": "Leica XLEF",
        "jp2": "JPEG 2000",
        "j2k": "JPEG 2000", "jpx": "JPEG 2000", "jpg": "JPEG", "jpeg": "JPEG", "bmp": "BMP",
        "webp": "WebP",
    ]

    /// Nil where the name alone does not tell.
    init?(name: String, formats: ScanFormats = .standard) {
        let (stem, suffix) = ScanFileKind.split(name)
        if formats.claim(fileNamed: name) {
            self = .scan
        } else if ScanFileKind.packed.contains(suffix), formats.claim(fileNamed: stem) {
            self = .unread("compressed TIFF")
        } else if let format = formats.unreadFormat(ofFileNamed: name) ?? ScanFileKind.unread[suffix] {
            self = .unread(format)
        } else {
            return nil
        }
    }

    /// Nil where the file cannot be read.
    init?(_ file: borrowing OpenFile, formats: ScanFormats = .standard) {
        switch formats.claim(fileDescriptor: file.number) {
        case true?: self = .scan
        case false?: self = ScanFileKind.isDICOM(file) ? .unread("DICOM") : .other
        case nil: return nil
        }
    }

    /// Files of media that come by post have no suffix.
    private static func isDICOM(_ file: borrowing OpenFile) -> Bool {
        var mark = [UInt8](repeating: 0, count: 4)
        return pread(file.number, &mark, mark.count, 128) == mark.count && mark.elementsEqual("DICM".utf8)
    }

    /// The name without a scan's suffix, and that suffix in lower case; empty for another or none.
    static func scanName(_ name: String) -> (stem: String, suffix: String) {
        let parts = split(name)
        return ScanFormats.standard.claim(fileNamed: name) ? parts : (name, "")
    }

    private static func split(_ name: String) -> (stem: String, suffix: String) {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else { return (name, "") }
        let (stem, suffix) = (name.utf8[..<dot], name.utf8[dot...].dropFirst())
        return (String(stem) ?? name, String(suffix)?.lowercased() ?? "")
    }
}
