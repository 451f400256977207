import Slides

/// Why a picture could not be read, or a parameter not be used. The description is one line without patient data.
public enum ImagingError: Error, Sendable {
    /// A scan cannot be read: malformed, unsupported, a limit or I/O.
    case slide(SlideError)
    /// A PNG that is damaged, absent or cannot be written; `reason` is libpng's.
    case png(reason: String)
    /// A parameter from outside (a pipeline's definition, a model's card) is out of its range.
    case invalidParameter(name: String, reason: String)
    /// A picture or a geometry exceeds an explicit limit.
    case limitExceeded(what: String, value: Int, limit: Int)
    /// Encoded run lengths are damaged at byte `offset`.
    case malformedRunLengths(offset: Int, reason: String)
}

extension ImagingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .slide(let error): "\(error)"
        case .png(let reason): "PNG: \(reason)"
        case .invalidParameter(let name, let reason): "parameter \(name): \(reason)"
        case .limitExceeded(let what, let value, let limit): "\(what) is \(value), more than the limit of \(limit)"
        case .malformedRunLengths(let offset, let reason): "run lengths damaged at byte \(offset): \(reason)"
        }
    }
}
