import SystemPackage

/// What reads a kind of file: how to recognise it, and how to open it. An entry of ``ScanFormats``.
public struct ScanFormat: Sendable {
    /// For people.
    public let name: String
    /// Of file names, in lower case and without the dot.
    public let suffixes: Set<String>
    /// What files start with, for those whose name does not tell.
    public let signatures: [[UInt8]]
    /// What files start with whose name tells: others that do are none.
    let namedSignatures: [[UInt8]]
    let recognises: @Sendable (ScanFiles) -> Bool
    let open: @Sendable (ScanFiles, ReadingLimits) throws(SlideError) -> any ScanFile

    /// A format of one file a scan.
    ///
    /// - Parameters:
    ///   - recognise: whether the format reads the file behind an open descriptor, whose position is neither used nor changed;
    ///     by its signature where nothing is given.
    ///   - open: through the descriptor, which the caller keeps open for as long as the file is read.
    public init(
        name: String, suffixes: Set<String>, signatures: [[UInt8]], recognise: (@Sendable (Int32) -> Bool)? = nil,
        open: @escaping @Sendable (Int32, ReadingLimits) throws(SlideError) -> any ScanFile
    ) {
        let recognise = recognise ?? { (try? Self.start(of: $0, isOneOf: signatures)) == true }
        self.init(
            name: name, suffixes: suffixes, signatures: signatures,
            recogniseFiles: { $0.form == nil && recognise($0.descriptor) }
        ) { (files, limits) throws(SlideError) in try open(files.descriptor, limits) }
    }

    /// - Parameters:
    ///   - namedSignatures: what else files with one of the suffixes may start with.
    ///   - recogniseFiles: whether the format reads the scan of these files.
    ///   - openFiles: likewise; the caller keeps all of them open.
    init(
        name: String, suffixes: Set<String>, signatures: [[UInt8]], namedSignatures: [[UInt8]] = [],
        recogniseFiles: @escaping @Sendable (ScanFiles) -> Bool,
        openFiles: @escaping @Sendable (ScanFiles, ReadingLimits) throws(SlideError) -> any ScanFile
    ) {
        self.name = name
        self.suffixes = suffixes
        self.signatures = signatures
        self.namedSignatures = namedSignatures
        recognises = recogniseFiles
        open = openFiles
    }

    /// Whether the file starts with one of the signatures.
    ///
    /// - Throws: `Errno` where it cannot be read.
    static func start(of fileDescriptor: Int32, isOneOf signatures: [[UInt8]]) throws -> Bool {
        var start = [UInt8](repeating: 0, count: signatures.map(\.count).max() ?? 0)
        let count = try start.withUnsafeMutableBytes { bytes in
            try FileDescriptor(rawValue: fileDescriptor).read(fromAbsoluteOffset: 0, into: bytes)
        }
        return signatures.contains { $0.count <= count && start.starts(with: $0) }
    }
}
