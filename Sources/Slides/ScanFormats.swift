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

    /// Whether a scan's file starts as one does; nil where it cannot be read. That of several files may start in any way.
    public func claim(_ files: ScanFiles) -> Bool? {
        guard files.form == nil else { return true }
        return try? ScanFormat.start(
            of: files.descriptor, isOneOf: formats.flatMap { $0.signatures + $0.namedSignatures })
    }

    /// Whether a file starts as a scan does, whatever its name; nil where it cannot be read.
    public func claim(fileDescriptor: Int32) -> Bool? {
        try? ScanFormat.start(of: fileDescriptor, isOneOf: formats.flatMap(\.signatures))
    }

    /// The scan as the first format that recognises it reads it.
    ///
    /// - Parameter files: open for as long as the source is used.
    public func source(_ files: ScanFiles, limits: ReadingLimits = .default) throws(SlideError) -> ScanSource {
        do {
            _ = try ScanFormat.start(of: files.descriptor, isOneOf: formats.flatMap(\.signatures))
        } catch {
            throw SlideError(.inputOutput, "cannot read the file: \(error)")
        }
        guard let format = formats.first(where: { $0.recognises(files) }) else {
            if let form = files.form { throw form.refusal }
            throw SlideError(
                .malformed, "not a scan of a known format (\(formats.map(\.name).joined(separator: ", ")))")
        }
        return ScanSource(files: files, format: format, limits: limits)
    }

    /// Opens a scan by its path, with the parts that lie beside it.
    public func open(path: String, limits: ReadingLimits = .default) throws(SlideError) -> any ScanFile {
        // Not blocking: opening a named pipe would wait for a writer.
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw SlideError(.inputOutput, "cannot open the file: \(error)")
        }
        let files = try ScanFiles(openedAt: path, descriptor)
        return try source(files, limits: limits).open()
    }
}
