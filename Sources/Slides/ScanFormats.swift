import SystemPackage

/// The table of the formats that scans may have: the first that recognises a file reads it.
public struct ScanFormats: Sendable {
    /// All that this program reads.
    public static let standard = ScanFormats([.openSlide, .tiff])

    private let formats: [ScanFormat]

    public init(_ formats: [ScanFormat]) {
        self.formats = formats
    }

    /// Whether a file's name says that it is a scan.
    public func claim(fileNamed name: String) -> Bool {
        Self.suffix(of: name).map { suffix in formats.contains { $0.suffixes.contains(suffix) } } ?? false
    }

    /// In lower case, without the dot.
    static func suffix(of name: String) -> String? {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        return name[name.index(after: dot)...].lowercased()
    }

    /// Whether a file starts as a scan does, whatever its name; nil where it cannot be read.
    public func claim(fileDescriptor: Int32) -> Bool? {
        try? ScanFormat.start(of: fileDescriptor, isOneOf: formats.flatMap(\.signatures))
    }

    /// The file as the first format that recognises it reads it.
    ///
    /// - Parameter fileDescriptor: open for as long as the source is used.
    public func source(
        fileDescriptor: Int32, limits: ReadingLimits = .default
    ) throws(SlideError) -> ScanSource {
        do {
            _ = try ScanFormat.start(of: fileDescriptor, isOneOf: formats.flatMap(\.signatures))
        } catch {
            throw SlideError(.inputOutput, "cannot read the file: \(error)")
        }
        guard let format = formats.first(where: { $0.recognises(fileDescriptor) }) else {
            throw SlideError(
                .malformed, "not a scan of a known format (\(formats.map(\.name).joined(separator: ", ")))")
        }
        return ScanSource(fileDescriptor: fileDescriptor, format: format, limits: limits)
    }

    /// Opens a file by its path.
    public func open(path: String, limits: ReadingLimits = .default) throws(SlideError) -> any ScanFile {
        // Not blocking: opening a named pipe would wait for a writer.
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw SlideError(.inputOutput, "cannot open the file: \(error)")
        }
        defer { try? descriptor.close() }
        return try source(fileDescriptor: descriptor.rawValue, limits: limits).open()
    }
}
