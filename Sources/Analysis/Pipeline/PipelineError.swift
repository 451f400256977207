/// Why a pipeline cannot be used.
public struct PipelineError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// No such folder, file or name.
        case missing
        /// A definition, card or model that does not hold what it must.
        case invalid
        /// A model whose output is not what its card says.
        case unverified
        /// A network, or a precision, that this machine or engine cannot run.
        case unsupported
    }

    public let kind: Kind
    /// The file at fault, by its name within the pipeline's folder.
    public let file: String?
    /// Every problem found, one clause each.
    public let problems: [String]

    public init(_ kind: Kind, file: String? = nil, _ problems: String...) {
        self.init(kind, file: file, problems: problems)
    }

    public init(_ kind: Kind, file: String?, problems: [String]) {
        self.kind = kind
        self.file = file
        self.problems = problems
    }

    public var description: String {
        let message = problems.joined(separator: "; ")
        return file.map { "\($0): \(message)" } ?? message
    }
}
