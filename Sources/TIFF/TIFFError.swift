/// Why a TIFF file, or one image of it, could not be read or written.
public struct TIFFError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The file breaks the format, or its data cannot be decoded.
        case malformed
        /// The file is legal, but uses something that is not supported here.
        case unsupported
        /// The caller asked for something impossible, such as a window outside the image.
        case misuse
        /// The system could not open, read or write the file.
        case inputOutput
        /// The file asks for more than the `TIFFLimits` allow.
        case limit
    }

    public var kind: Kind
    /// The index of the top-level directory, where one is concerned.
    public var directory: Int?
    /// The number of the tag, where one is to blame.
    public var tag: UInt16?
    /// One line, without the file's name.
    public var message: String
    /// What libtiff itself said, oldest first.
    public var libraryMessages: [String]

    public init(
        _ kind: Kind, _ message: String, directory: Int? = nil, tag: UInt16? = nil, libraryMessages: [String] = []
    ) {
        self.kind = kind
        self.directory = directory
        self.tag = tag
        self.message = message
        self.libraryMessages = libraryMessages
    }

    public var description: String {
        let place = directory.map { "directory \($0): " } ?? ""
        let tagName = tag.map { " (tag \($0))" } ?? ""
        let details = libraryMessages.isEmpty ? "" : ": " + libraryMessages.joined(separator: "; ")
        return place + message + tagName + details
    }

    func at(directory index: Int?) -> TIFFError {
        var error = self
        error.directory = directory ?? index
        return error
    }
}
