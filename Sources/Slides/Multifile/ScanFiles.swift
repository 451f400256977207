import Glibc
import SystemPackage

/// The open files of a scan. Whoever opened them keeps them open for as long as the scan is read.
public struct ScanFiles: Sendable {
    /// A file beside the one that the scan is known by.
    public struct Part: Sendable {
        /// As the scan's own files call it.
        public let name: String
        /// Open for reading; its position is neither used nor changed.
        public let descriptor: Int32

        public init(name: String, descriptor: Int32) {
            self.name = name
            self.descriptor = descriptor
        }
    }

    /// Of the file that the scan is known by, likewise.
    public let descriptor: Int32
    /// Nil for a scan of one file.
    public let form: MultifileForm?
    /// By the bytes of their names.
    public let parts: [Part]
    /// Closes the parts with itself, where nobody else does.
    var owner: Owner?

    public init(descriptor: Int32, form: MultifileForm? = nil, parts: [Part] = []) {
        self.descriptor = descriptor
        self.form = form
        self.parts = parts
    }

    final class Owner: Sendable {
        private let descriptors: [Int32]

        fileprivate init(of parts: [Part]) { descriptors = parts.map(\.descriptor) }

        deinit { for descriptor in descriptors { close(descriptor) } }
    }

    /// With the parts that lie beside a file that was opened by its path.
    init(openedAt path: String, _ descriptor: FileDescriptor) throws(SlideError) {
        let path = FilePath(path)
        let name = Array((path.lastComponent?.string ?? "").utf8)
        let form = MultifileForm(ofFileNamed: name)
        let parts = try form.map { (form) throws(SlideError) in
            try form.openParts(ofFileNamed: name, inFolder: path.removingLastComponent())
        }
        self.init(descriptor: descriptor.rawValue, form: form, parts: parts ?? [])
        owner = parts.map { Owner(of: $0) }
    }
}

extension MultifileForm {
    /// Opens the parts of a scan, in a folder given by its path. Their descriptors are the caller's, who closes them.
    public func openParts(
        ofFileNamed name: [UInt8], inFolder path: FilePath
    ) throws(SlideError) -> [ScanFiles.Part] {
        let folder = open(path.isEmpty ? "." : path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            throw SlideError(.inputOutput, "cannot open the scan's folder: \(Errno(rawValue: errno))")
        }
        defer { close(folder) }
        return try MultifileParts(self, ofFileNamed: name, in: folder).open()
    }
}
