import FindingStore
import Findings

/// Findings with their measurements as one JSON array, in the columns of the contract.
public struct JSONExport: Export {
    public static let name = "json"

    /// The file; nil for standard output.
    private let output: String?

    public init(output: String?) {
        self.output = output
    }

    public func write(_ question: ExportQuestion) throws {
        var file = try OutputFile(output)
        try file.writeArray { write in try question.forEachJSON { try write($0) } }
        try file.write("\n")
        try file.finish()
    }
}
