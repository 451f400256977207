/// Why a scan, or one image of it, could not be read. The description is one line without patient data.
public struct SlideError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The file breaks its format, or its data cannot be decoded.
        case malformed
        /// The file is legal, but uses something that is not supported here.
        case unsupported
        /// The caller asked for something impossible, such as a window outside of the picture.
        case misuse
        /// The system could not open or read the file.
        case inputOutput
        /// The file asks for more than the ``ReadingLimits`` allow.
        case limit
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }

    /// The file has no page that could be analysed.
    static let noImage = SlideError(.unsupported, "the file holds no image to analyse, only labels or thumbnails")

    /// A window reaches outside of the picture.
    package static func outsideOfPicture(_ window: PixelWindow, width: Int, height: Int) -> SlideError {
        SlideError(
            .misuse,
            "window \(window.width)x\(window.height) at (\(window.x), \(window.y)) reaches outside of \(width)x\(height)"
        )
    }
}
